using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>A forward-mapped walk from the root: a reference a level. Register: the root table.</summary>
internal readonly struct RadixWalk<TLevels> : ITableWalk
    where TLevels : struct, ILevels
{
    public static bool HoldsPairs => true;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(
        ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        entry = 0;
        at = default;
        if (!TryDescend(ref port, registers.Root, address, 1, out ulong table))
        {
            return false;
        }

        port.Execute(4);
        at = EntryAt(table, address, 1);
        entry = port.Read64(at);
        return true;
    }

    public static string Split(in TableRegisters registers, VirtualAddress address) =>
        string.Join(", ", Enumerable.Range(1, TLevels.Count).Reverse()
            .Select(level => $"level {level} index 0x{IndexOf(address, level):x}").Append($"offset 0x{address.OffsetInPage:x}"));

    public static WalkStep Describe(
        ReadOnlySpan<WalkReference> reads, int number, in TableRegisters registers, VirtualAddress address)
    {
        return DescribeEntry(reads[number].At, reads[number].Word, TLevels.Count - number, address);
    }

    /// <summary>The entry of a level that an address leads to, in words.</summary>
    internal static WalkStep DescribeEntry(PhysicalAddress at, ulong word, int level, VirtualAddress address)
    {
        string meaning = level == 1 ? TablePte.Describe(word)
            : (word & NineBitFormat<TLevels>.Present) == 0 ? "no table"
            : $"table of level {level - 1} at {NineBitFormat<TLevels>.TableOf(word, level)}";
        return new($"level {level} entry", at.RoundDown(PageSize.Base), (int)IndexOf(address, level), at, word, sizeof(ulong), meaning);
    }

    /// <summary>From the root down to the table of a level. False if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryDescend<TPort>(ref TPort port, ulong root, VirtualAddress address, int to, out ulong table)
        where TPort : struct, IWalkPort
    {
        table = root;
        for (int level = TLevels.Count; level > to; level--)
        {
            // Shift, mask, add, load, test: the test of one level stands in the delay slot of the next.
            port.Execute(5);
            ulong entry = port.Read64(EntryAt(table, address, level));
            table = NineBitFormat<TLevels>.TableOf(entry, level).Value;
            if ((entry & NineBitFormat<TLevels>.Present) == 0)
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PhysicalAddress EntryAt(ulong table, VirtualAddress address, int level) =>
        new(table + (IndexOf(address, level) << 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong IndexOf(VirtualAddress address, int level) =>
        (address.Value >> NineBitFormat<TLevels>.IndexShift(level)) & ((1UL << NineBitFormat<TLevels>.IndexBits(level)) - 1);
}
