using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// A guarded table: a trie of nodes of 2^K entries whose paths without a choice are left out. A node stands at the highest bit in which two
/// of its pages differ: its index is that bit and the K - 1 below it (the lowest K bits where there are fewer). An entry has 16 bytes: the
/// first word says what it is in its low 8 bits (0 nothing, 0xFF a page, else one more than the lowest index bit of a node) and above
/// them holds the guard, which is the page number, or its part above the node's index; the second word is the PTE or the node's address.
/// The bits of a guard that the path has compared already are redundant and make it one comparison.
/// Registers: the root entry, which the walker keeps, and K. A walk makes one reference a node.
/// Source: Liedtke, "Address Space Sparsity and Fine Granularity"; Morrison, "PATRICIA".
/// </summary>
internal readonly struct GuardedWalk : ITableWalk
{
    internal const ulong Leaf = 0xFF;
    internal const ulong KindMask = 0xFF;
    internal const int GuardShift = 8;
    internal const int SecondOffset = 8;
    internal const int EntryShift = 4;

    public static bool HoldsPairs => false;

    public static bool SharesLines => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        ulong page = address.Page.Value;
        int bits = registers.Factor;
        ulong mask = (1UL << bits) - 1;
        ulong place = registers.Root;
        ulong word = port.ReadRegister64(new(place));
        port.Execute(3);
        while ((word & KindMask) - 1 < Leaf - 1)
        {
            int low = (int)(word & KindMask) - 1;
            port.Execute(9);
            if (page >> (low + bits) != word >> GuardShift)
            {
                break;
            }

            place = port.ReadBeside64(new(place + SecondOffset), new(place)) + (((page >> low) & mask) << EntryShift);
            word = port.Read64(new(place));
        }

        bool found = word == ((page << GuardShift) | Leaf);
        at = found ? new(place + SecondOffset) : default;
        entry = found ? port.ReadBeside64(at, new(place)) : 0;
        return found;
    }

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => TablePte.Mark(memory, at, isStore);
}
