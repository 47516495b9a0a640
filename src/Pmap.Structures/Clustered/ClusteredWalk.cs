using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// A hash table whose entries hold the PTEs of 2 to 32 neighbouring pages: tag, link, PTEs. The tag is the address of the first of the
/// pages with the space number in its low 12 bits. Registers as those of <see cref="HashedWalk"/>; the factor is the base-2 logarithm of
/// the pages of an entry. Source: Talluri, Hill, Khalidi, "A New Page Table for 64-bit Address Spaces", section 3.
/// </summary>
internal readonly struct ClusteredWalk : ITableWalk
{
    /// <inheritdoc/>
    public static bool HoldsPairs => true;

    /// <inheritdoc/>
    public static bool SharesLines => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        var page = PageTag.Of(address, registers.Space);
        PageTag block = page.OfBlock(registers.Factor);
        port.Execute(TableHash.Instructions + 6);
        ulong found = HashedWalk.FindInChain(ref port, registers.Root + (Hash(block, registers.Factor) >> registers.Size << 3), block);
        at = found == 0 ? default : new(found + HashedWalk.PteOffset + (page.IndexInBlock(registers.Factor) << 3));
        entry = found == 0 ? 0 : port.ReadBeside64(at, new(found));
        return found != 0;
    }

    /// <inheritdoc/>
    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => TablePte.Mark(memory, at, isStore);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Hash(PageTag block, int factor) => TableHash.Mix(block.Value >> factor ^ block.Value << 52);
}
