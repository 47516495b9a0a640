using System.Runtime.CompilerServices;

namespace BsdVm.Mips;

/// <summary>
/// A linear array of PTEs in virtual space, from PTEBase on: one reference, if the TLB has the array's own page. If not, the load misses,
/// and the nested handler walks the tables that say where the array's pages are, from the root, loads the pair of them and lets the load
/// begin anew. Table addresses are offsets from PTEBase. Register: the root table.
/// Source: MIPS R4000 User's Manual, XContext; Jacob and Mudge, "A Look at Several Memory Management Units", section 3.
/// </summary>
internal readonly struct LinearTable<TLevels> : IRefillTable
    where TLevels : struct, ILevels
{
    public static bool HoldsPairs => true;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, ulong address, out ulong entry, out ulong at)
        where TPort : struct, IRefillPort
    {
        ulong tableAddress = address >> PageSize.Base.Shift << 3;
        port.Execute(2);
        if (!port.TryTranslateTable(tableAddress, out PhysicalAddress physical) && !TryMissNested(ref port, registers.Root, address, out physical))
        {
            entry = 0;
            at = 0;
            return false;
        }

        at = physical.Value;
        entry = port.Read64(physical);
        return true;
    }

    public static void Mark(PhysicalMemory memory, ulong at, bool isStore) => MipsPte.Mark(memory, at, isStore);

    // The general exception vector: some 20 instructions to find out what missed, and to return.
    private static bool TryMissNested<TPort>(ref TPort port, ulong root, ulong address, out PhysicalAddress physical)
        where TPort : struct, IRefillPort
    {
        physical = default;
        port.Execute(20);
        if (!RadixTable<TLevels>.TryDescend(ref port, root, address, 2, out ulong table))
        {
            return false;
        }

        ulong own = RadixTable<TLevels>.EntryAt(table, address, 2);
        ulong even = port.Read64(new(own & ~8UL));
        ulong odd = port.ReadBeside64(new(own | 8), new(own & ~8UL));
        port.LoadTable(address >> PageSize.Base.Shift << 3, TableOf(even), TableOf(odd));
        ulong found = (own & 8) == 0 ? even : odd;
        physical = new(RadixTable<TLevels>.EntryAt(TableOf(found).Value, address, 1));
        return (found & MipsRadix<TLevels>.Present) != 0;
    }

    private static PhysicalAddress TableOf(ulong entry) => new(entry & TlbFlagsExtensions.PageMask);
}
