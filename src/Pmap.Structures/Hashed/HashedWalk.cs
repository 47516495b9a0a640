using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// One hash table for all spaces: 8-byte heads, and entries of 24 bytes in chains: tag, link, PTE. The tag is the page address with the
/// space number in its low 12 bits. Registers: the heads, the space, and the shift that leaves the bucket of a hash.
/// A look-up makes one reference to the head and one to each entry. Source: Talluri, Hill, Khalidi, "A New Page Table for 64-bit Address
/// Spaces", section 2.
/// </summary>
internal readonly struct HashedWalk : ITableWalk
{
    // Links lie in physical memory: anything else ends a chain, so that a table that is gone holds nobody up.
    private const ulong LinkLimit = 1UL << 52;
    internal const int LinkOffset = 8;
    internal const int PteOffset = 16;

    /// <inheritdoc/>
    public static bool HoldsPairs => false;

    /// <inheritdoc/>
    public static bool SharesLines => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        var tag = PageTag.Of(address, registers.Space);
        port.Execute(TableHash.Instructions + 4);
        ulong found = FindInChain(ref port, registers.Root + (TableHash.Mix(tag.Value) >> registers.Size << 3), tag);
        at = found == 0 ? default : new(found + PteOffset);
        entry = found == 0 ? 0 : port.ReadBeside64(at, new(found));
        return found != 0;
    }

    /// <inheritdoc/>
    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => TablePte.Mark(memory, at, isStore);

    /// <summary>The entry with a tag in the chain of a bucket; 0 if there is none. A reference to the head and one to each entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong FindInChain<TPort>(ref TPort port, ulong head, PageTag tag)
        where TPort : struct, IWalkPort
    {
        ulong found = port.Read64(new(head));
        while (found - 1 < LinkLimit)
        {
            port.Execute(4);
            if (port.Read64(new(found)) == tag.Value)
            {
                return found;
            }

            found = port.ReadBeside64(new(found + LinkOffset), new(found));
        }

        return 0;
    }
}
