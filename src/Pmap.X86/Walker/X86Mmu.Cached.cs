using System.Collections.Immutable;

namespace BsdVm.X86;

/// <content>Walks with paging-structure caches.</content>
public sealed partial class X86Mmu<TFormat>
{
    private WalkCache? _caches;

    /// <inheritdoc/>
    public override WalkCache? WalkCache => _caches;

    /// <inheritdoc/>
    public override void UseWalkCaches(ImmutableArray<int> entries)
    {
        Span<int> shifts = stackalloc int[TopLevel - 1];
        for (int level = 2; level <= TopLevel; level++)
        {
            shifts[level - 2] = TFormat.IndexShift(level);
        }

        _caches = entries.Length > 0 ? new WalkCache(entries, shifts) : null;
    }

    /// <inheritdoc/>
    public override void Invalidate(AddressRange range, uint tag) => _caches?.Drop(tag);

    /// <inheritdoc/>
    public override void Flush(bool keepGlobal) => _caches?.Flush();

    // The walk begins below the lowest level that is known. What the quick way cannot do (a bit to set, a large page, a fault) reads all
    // entries again, and counts those below what was known.
    private bool TryWalkCached(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        int found = _caches!.Find(address.Value, Tag, out WalkCacheEntry known);
        Span<WalkCacheEntry> learned = stackalloc WalkCacheEntry[TFormat.Levels];
        int level = TopLevel;
        ulong all = ulong.MaxValue;
        ulong above = 0;
        ulong table = _root;
        if (found >= 0)
        {
            level = found + 1;
            (table, all, above) = known;
        }
        else if (TFormat.HasPointerRegisters)
        {
            ulong pointer = _pointers[PointerIndex(address.Value)];
            all = pointer | ~Present;
            table = TFormat.TableOf(pointer, TFormat.Levels).Value;
        }

        int top = level;
        for (; level > 1; level--)
        {
            table = Step(table, address.Value, level, ref all, ref above);
            learned[level - 2] = new(table, all, above);
        }

        ulong leaf = ReadEntry(EntryAddress(table, address.Value, 1));
        all &= leaf;
        ulong any = above | leaf;
        ulong flags = _rights.Of(all, any, leaf);
        ulong needed = (ulong)TlbFlagsExtensions.Needed(access, mode);
        translation = TFormat.PageBase(leaf, 1) | flags;
        bool isQuick = ((~all & (Present | Accessed)) | (above & _unusualAbove) | (any & _unusual) | (needed & ~flags)) == 0
            && TFormat.IsTranslatable(address.Value);
        if (!isQuick)
        {
            bool done = TryWalkPlainly(address, access, mode, isReal: true, known: TopLevel - top, out translation, out fault);
            if (done)
            {
                Remember(address.Value, learned[..(top - 1)], LastPageShift);
            }

            return done;
        }

        Remember(address.Value, learned[..(top - 1)], PageSize.Base.Shift);

        Walks.Count(top);
        LastPageShift = PageSize.Base.Shift;
        fault = default;
        return true;
    }

    // The entries above the one that maps the page. A walk that succeeds has marked them all as used.
    private void Remember(ulong address, ReadOnlySpan<WalkCacheEntry> learned, int pageShift)
    {
        for (int number = 0; number < learned.Length; number++)
        {
            if (TFormat.IndexShift(number + 2) > pageShift)
            {
                _caches!.Fill(number, address, Tag, learned[number] with { All = learned[number].All | Accessed });
            }
        }
    }
}
