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
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
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

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => TablePte.Mark(memory, at, isStore);

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
        new(table + (((address.Value >> NineBitFormat<TLevels>.IndexShift(level)) & ((1UL << NineBitFormat<TLevels>.IndexBits(level)) - 1)) << 3));
}
