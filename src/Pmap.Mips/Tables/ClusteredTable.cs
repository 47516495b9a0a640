using System.Runtime.CompilerServices;

namespace BsdVm.Mips;

/// <summary>
/// A hash table whose entries hold the PTEs of 2 to 32 neighbouring pages: tag, link, PTEs. The tag is the address of the first of the
/// pages with the space number in its low 12 bits. Registers as those of <see cref="HashedTable"/>; the factor is the base-2 logarithm of
/// the pages of an entry. Source: Talluri, Hill, Khalidi, "A New Page Table for 64-bit Address Spaces", section 3.
/// </summary>
public readonly struct ClusteredTable : IRefillTable
{
    /// <inheritdoc/>
    public static bool HoldsPairs => true;

    /// <inheritdoc/>
    public static bool SharesLines => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, ulong address, out ulong entry, out ulong at)
        where TPort : struct, IRefillPort
    {
        int shift = PageSize.Base.Shift + registers.Factor;
        ulong tag = (address >> shift << shift) | registers.Space;
        port.Execute(TableHash.Instructions + 6);
        ulong found = HashedTable.FindInChain(ref port, registers.Root + (Hash(tag, registers.Factor) >> registers.Size << 3), tag);
        at = found == 0 ? 0 : found + HashedTable.PteOffset + (((address >> PageSize.Base.Shift) & ((1UL << registers.Factor) - 1)) << 3);
        entry = found == 0 ? 0 : port.ReadBeside64(new(at), new(found));
        return found != 0;
    }

    /// <inheritdoc/>
    public static void Mark(PhysicalMemory memory, ulong at, bool isStore) => MipsPte.Mark(memory, at, isStore);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Hash(ulong tag, int factor) => TableHash.Mix(tag >> factor ^ tag << 52);
}
