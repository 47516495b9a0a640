using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// A linear array of PTEs in virtual space, from PTEBase on: one reference, if the TLB has the array's own page. If not, the load misses,
/// and the nested handler walks the tables that say where the array's pages are, from the root, loads the pair of them and lets the load
/// begin anew. Table addresses are offsets from PTEBase. Register: the root table.
/// Source: MIPS R4000 User's Manual, XContext; Jacob and Mudge, "A Look at Several Memory Management Units", section 3.
/// </summary>
internal readonly struct LinearWalk<TLevels> : ITableWalk
    where TLevels : struct, ILevels
{
    public static bool HoldsPairs => true;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        ulong tableAddress = TableAddressOf(address);
        port.Execute(2);
        if (!port.TryTranslateTable(tableAddress, out PhysicalAddress physical) && !TryMissNested(ref port, registers.Root, address, out physical))
        {
            entry = 0;
            at = default;
            return false;
        }

        at = physical;
        entry = port.Read64(physical);
        return true;
    }

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => TablePte.Mark(memory, at, isStore);

    // The general exception vector: some 20 instructions to find out what missed, and to return.
    private static bool TryMissNested<TPort>(ref TPort port, ulong root, VirtualAddress address, out PhysicalAddress physical)
        where TPort : struct, IWalkPort
    {
        physical = default;
        port.Execute(20);
        if (!RadixWalk<TLevels>.TryDescend(ref port, root, address, 2, out ulong table))
        {
            return false;
        }

        ulong own = RadixWalk<TLevels>.EntryAt(table, address, 2).Value;
        ulong even = port.Read64(new(own & ~8UL));
        ulong odd = port.ReadBeside64(new(own | 8), new(own & ~8UL));
        port.LoadTable(TableAddressOf(address), NineBitFormat<TLevels>.TableOf(even, 2), NineBitFormat<TLevels>.TableOf(odd, 2));
        ulong found = (own & 8) == 0 ? even : odd;
        physical = RadixWalk<TLevels>.EntryAt(NineBitFormat<TLevels>.TableOf(found, 2).Value, address, 1);
        return (found & NineBitFormat<TLevels>.Present) != 0;
    }

    // Where the page's entry stands in the array.
    private static ulong TableAddressOf(VirtualAddress address) => address.Page.Value << 3;
}
