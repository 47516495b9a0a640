namespace BsdVm;

public sealed partial class VmSpace
{
    private readonly PageSet _touched = new();

    /// <summary>
    /// Whether a private anonymous page was accessed since it was mapped or last dropped, by a load of zeros too; see
    /// <see cref="VmPolicy.RemembersTouched"/>.
    /// </summary>
    public bool IsTouched(VirtualAddress address) => _touched.Contains(address.Page.Value);

    /// <summary>Takes over from the parent, at fork, which pages of a range count as touched.</summary>
    public void CopyTouched(VmSpace parent, AddressRange range)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ulong first = range.Start.Page.Value;
        _touched.CopyRange(parent._touched, first, range.PageCount, first);
    }

    internal void NoteTouched(VmMapEntry entry, VirtualAddress page)
    {
        if (System.Policy.RemembersTouched && !entry.IsShared)
        {
            _touched.Add(page.Page.Value);
        }
    }

    internal void ForgetTouched(AddressRange range)
    {
        if (System.Policy.RemembersTouched)
        {
            _touched.RemoveRange(range.Start.Page.Value, range.PageCount);
        }
    }

    internal void MoveTouched(AddressRange from, VirtualAddress to)
    {
        if (System.Policy.RemembersTouched)
        {
            _touched.CopyRange(_touched, from.Start.Page.Value, from.PageCount, to.Page.Value);
            ForgetTouched(from);
        }
    }
}
