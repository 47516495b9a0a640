namespace BsdVm.Posix;

internal sealed partial class VmaMap
{
    /// <summary>
    /// Adds a mapping where nothing is, joined with its neighbours if it can be: first with the lower one, then the result with the upper
    /// one. Source: <c>vma_merge_new_range</c>.
    /// </summary>
    public void Insert(in Vma made)
    {
        int index = IndexFrom(made.Start);
        bool joinsLower = index > 0 && CanJoin(in _items[index - 1], in made);
        if (joinsLower)
        {
            ref Vma lower = ref _items[index - 1];
            lower.End = made.End;
            lower.AnonVma ??= made.AnonVma;
            JoinWithUpper(index - 1);
        }
        else if (index < Count && CanJoin(in made, in _items[index]))
        {
            ref Vma upper = ref _items[index];
            upper.Start = made.Start;
            upper.PageOffset = made.PageOffset;
            upper.AnonVma ??= made.AnonVma;
        }
        else
        {
            InsertAt(index, in made);
        }
    }

    /// <summary>
    /// Adds the heap's growth: it joins the mapping below if that reaches into the heap, and never the one above. Source:
    /// <c>do_brk_flags</c>.
    /// </summary>
    public void InsertHeap(in Vma made, ulong heapStart)
    {
        int index = IndexFrom(made.Start);
        if (index > 0 && _items[index - 1].End > heapStart && CanJoin(in _items[index - 1], in made))
        {
            _items[index - 1].End = made.End;
            return;
        }

        InsertAt(index, in made);
    }

    /// <summary>
    /// Whether two mappings may become one: they touch, are equal in all but place, their offsets continue, and of two different anon_vmas
    /// there are not both, nor one that fork has made. Source: <c>is_mergeable_vma</c>, <c>is_mergeable_anon_vma</c>.
    /// </summary>
    public static bool CanJoin(in Vma lower, in Vma upper) =>
        AreAlike(in lower, in upper) && AreCompatible(lower.AnonVma, upper.AnonVma);

    private static bool AreAlike(in Vma lower, in Vma upper) =>
        IsContinued(in lower, in upper) && lower.Protection == upper.Protection;

    private static bool IsContinued(in Vma lower, in Vma upper) =>
        lower.End == upper.Start && lower.IsShared == upper.IsShared && ReferenceEquals(lower.Object, upper.Object)
        && lower.Flags == upper.Flags && lower.PageOffsetOf(lower.End) == upper.PageOffset;

    private static bool AreCompatible(AnonVma? first, AnonVma? second) =>
        ReferenceEquals(first, second) || (first is null && !second!.IsMulti) || (second is null && !first!.IsMulti);

    private void JoinWithUpper(int index)
    {
        if (index + 1 < Count && CanJoin(in _items[index], in _items[index + 1]))
        {
            ref Vma lower = ref _items[index];
            lower.End = _items[index + 1].End;
            lower.AnonVma ??= _items[index + 1].AnonVma;
            RemoveAt(index + 1, 1);
        }
    }
}
