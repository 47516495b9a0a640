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
    public static bool TryWalk<TPort>(
        ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
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

    public static WalkStep Describe(
        ReadOnlySpan<WalkReference> reads, int number, in TableRegisters registers, VirtualAddress address)
    {
        // The entry before says where the node is, and which bits index it.
        WalkReference read = reads[number];
        var node = new PhysicalAddress(reads[number - 1].WordAt(SecondOffset));
        int index = (int)((read.At.Value - node.Value) >> EntryShift);
        string meaning = Describe(read.Word, read.Found ?? read.WordAt(SecondOffset), registers.Factor);
        return new("entry", node, index, read.At, read.Word, sizeof(ulong), meaning);
    }

    // A walk that ends at a guard has not read where the node is.
    private static string NodeAt(ulong second) => second == 0 ? "" : $" at {new PhysicalAddress(second)}";

    /// <summary>An entry in words: a page, or a node with its guard and the bits that index it.</summary>
    internal static string Describe(ulong word, ulong second, int indexBits)
    {
        ulong kind = word & KindMask;
        var guard = new PageNumber(word >> GuardShift);
        int low = (int)kind - 1;
        return kind switch
        {
            0 => "nothing",
            Leaf => second == 0 ? $"page {guard}" : $"page {guard}: {TablePte.Describe(second)}",
            _ => $"node{NodeAt(second)} by page bits {low + indexBits - 1}:{low}, guard {guard} above them",
        };
    }
}
