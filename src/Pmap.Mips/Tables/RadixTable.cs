using System.Runtime.CompilerServices;

namespace BsdVm.Mips;

/// <summary>A forward-mapped walk from the root: a reference a level. Register: the root table.</summary>
internal readonly struct RadixTable<TLevels> : IRefillTable
    where TLevels : struct, ILevels
{
    public static bool HoldsPairs => true;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, ulong address, out ulong entry, out ulong at)
        where TPort : struct, IRefillPort
    {
        entry = 0;
        at = 0;
        if (!TryDescend(ref port, registers.Root, address, 1, out ulong table))
        {
            return false;
        }

        port.Execute(4);
        at = EntryAt(table, address, 1);
        entry = port.Read64(new(at));
        return true;
    }

    public static void Mark(PhysicalMemory memory, ulong at, bool isStore) => MipsPte.Mark(memory, at, isStore);

    /// <summary>From the root down to the table of a level. False if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryDescend<TPort>(ref TPort port, ulong root, ulong address, int to, out ulong table)
        where TPort : struct, IRefillPort
    {
        table = root;
        for (int level = TLevels.Count; level > to; level--)
        {
            // Shift, mask, add, load, test: the test of one level stands in the delay slot of the next.
            port.Execute(5);
            ulong entry = port.Read64(new(EntryAt(table, address, level)));
            table = entry & TlbFlagsExtensions.PageMask;
            if ((entry & MipsRadix<TLevels>.Present) == 0)
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong EntryAt(ulong table, ulong address, int level) =>
        table + (((address >> MipsRadix<TLevels>.IndexShift(level)) & ((1UL << MipsRadix<TLevels>.IndexBits(level)) - 1)) << 3);
}
