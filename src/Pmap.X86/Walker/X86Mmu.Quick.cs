using System.Runtime.CompilerServices;

namespace BsdVm.X86;

/// <content>
/// The quick walk: nearly all walks end at a 4 KB page that may be used and whose tables are all marked as accessed. It reads the same
/// entries as the plain walk and tests them once, at the end; for anything out of the ordinary the plain walk is made anew.
/// </content>
public sealed partial class X86Mmu<TFormat>
{
    // Bits that send a walk off the quick path: reserved in entries of tables and of 4 KB pages, and PS above level 1.
    private ulong _unusual;
    private ulong _unusualAbove;

    // A walk to a 4 KB page that is allowed and has no bit to set above it. All tests are made once, at the end: what a wrong entry leads
    // to is read and thrown away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWalkQuickly(ulong address, ulong needed, out ulong translation)
    {
        ulong all = ulong.MaxValue;
        ulong above = 0;
        ulong table = _root;
        if (TFormat.Levels >= 4)
        {
            table = Step(table, address, 4, ref all, ref above);
        }

        if (TFormat.HasPointerRegisters)
        {
            ulong pointer = _pointers[PointerIndex(address)];
            all = pointer | ~Present;
            table = TFormat.TableOf(pointer, TFormat.Levels).Value;
        }
        else if (TFormat.Levels >= 3)
        {
            table = Step(table, address, 3, ref all, ref above);
        }

        table = Step(table, address, 2, ref all, ref above);
        ulong at = EntryAddress(table, address, 1);
        ulong leaf = ReadEntry(at);
        return IsUsable(address, needed, all, above, leaf, out translation)
            || TryMark(address, needed, all, above, at, leaf, out translation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsUsable(ulong address, ulong needed, ulong allAbove, ulong above, ulong leaf, out ulong translation)
    {
        ulong all = allAbove & leaf;
        ulong any = above | leaf;
        ulong flags = _rights.Of(all, any, leaf);
        translation = TFormat.PageBase(leaf, 1) | flags;
        return ((~all & (Present | Accessed)) | (above & _unusualAbove) | (any & _unusual) | (needed & ~flags)) == 0
            && TFormat.IsTranslatable(address);
    }

    // The first use of a page, or the first store to it: all is well but for a bit in the entry that maps it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryMark(ulong address, ulong needed, ulong allAbove, ulong above, ulong at, ulong leaf, out ulong translation)
    {
        ulong marked = leaf | Accessed | ((needed & (ulong)TlbFlags.Dirty) != 0 ? Dirty : 0);
        if (marked == leaf || (leaf & Present) == 0 || !IsUsable(address, needed, allAbove, above, marked, out translation))
        {
            translation = 0;
            return false;
        }

        WriteEntry(at, marked);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Step(ulong table, ulong address, int level, ref ulong all, ref ulong above)
    {
        ulong entry = ReadEntry(EntryAddress(table, address, level));
        all &= entry;
        above |= entry;
        return TFormat.TableOf(entry, level).Value;
    }
}
