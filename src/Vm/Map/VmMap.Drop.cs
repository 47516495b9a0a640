namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Forgets the private pages of a range: untouched memory, or the file, shows again. Shared memory loses nothing. Source: Linux
    /// <c>MADV_DONTNEED</c>.
    /// </summary>
    public void Drop(AddressRange range)
    {
        CheckRange(range);
        _space.ForgetTouched(range);
        for (VmMapEntry? entry = FirstFrom(range.Start); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            AddressRange part = entry.Range.Intersect(range);
            if (entry.IsWired)
            {
                UnwireMappings(part);
                entry.IsWiredOnFault = true;
            }

            _space.Pmap.Remove(part);
            _system.Pmaps.Update();
            if (!entry.IsShared)
            {
                _system.Anonymous.Drop(entry, part);
            }
        }

        _system.OperationDone();
    }
}
