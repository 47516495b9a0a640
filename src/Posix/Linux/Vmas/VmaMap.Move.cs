namespace BsdVm.Posix;

internal sealed partial class VmaMap
{
    /// <summary>
    /// Moves a part of one mapping, and lets it grow there. All attributes travel, the page offset too, unless it is private anonymous
    /// memory that nobody wrote. It is joined at the target before it leaves the source. Source: <c>copy_vma</c>, <c>move_vma</c>.
    /// </summary>
    /// <param name="from">The first address, page aligned, in a mapping.</param>
    /// <param name="length">The bytes that leave, within the mapping; 0 makes a second view.</param>
    /// <param name="newLength">The bytes that are mapped at the target, at least <paramref name="length"/>.</param>
    /// <param name="to">The target, free.</param>
    public void Move(ulong from, ulong length, ulong newLength, ulong to)
    {
        ref readonly Vma source = ref _items[IndexFrom(from)];
        bool keepsOffset = !source.IsPrivateAnonymous || source.AnonVma is not null;
        Insert(source with
        {
            Start = to,
            End = to + newLength,
            PageOffset = keepsOffset ? source.PageOffsetOf(from) : to / PageSize.BaseBytes,
        });
        if (length != 0)
        {
            Remove(from, from + length);
        }
    }

    /// <summary>
    /// A mapping grows upwards into free space, and perhaps joins the next mapping. Where it alone has an anon_vma, one that fork has made
    /// does not keep them apart. Source: <c>vma_merge_extend</c>.
    /// </summary>
    public void Extend(int index, ulong bytes)
    {
        ref Vma mapping = ref _items[index];
        mapping.End += bytes;
        if (index + 1 == Count)
        {
            return;
        }

        ref Vma next = ref _items[index + 1];
        bool givesItsOwn = mapping.AnonVma is not null && next.AnonVma is null;
        if (CanJoin(in mapping, in next) || (givesItsOwn && AreAlike(in mapping, in next)))
        {
            mapping.End = next.End;
            mapping.AnonVma ??= next.AnonVma;
            RemoveAt(index + 1, 1);
        }
    }
}
