using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// An inverted table with an anchor table before it. The entry of a frame has 16 bytes: tag (page address and space number), link 31:0 of
/// the second word, and above it the bits of a <see cref="TablePte"/> from bit 32 on; which frame it is its place says. A second mapping of a frame
/// has an alias entry of 24 bytes, with the frame in the third word. A link is a frame's number plus one, or bit 31 and the alias entry's
/// address divided by 8. Registers: the anchors, the space, the shift of a hash, the frame entries.
/// Source: Chang and Mergen, "801 Storage"; Huck and Hays, "Architectural Support for Translation Table Management", section 2.
/// </summary>
internal readonly struct InvertedWalk : ITableWalk
{
    internal const ulong AliasLink = 1UL << 31;
    internal const ulong LinkMask = uint.MaxValue;
    internal const int SecondOffset = 8;
    internal const int FrameOffset = 16;
    private const ulong SoftwareMask = TablePte.Mask & ~LinkMask;

    public static bool HoldsPairs => false;

    public static bool SharesLines => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        ulong tag = PageTag.Of(address, registers.Space).Value;
        port.Execute(TableHash.Instructions + 4);
        ulong link = port.Read64(new(registers.Root + (TableHash.Mix(tag) >> registers.Size << 3)));
        while (link != 0)
        {
            port.Execute(8);
            ulong found = EntryAt(link, registers.Second);
            if (port.Read64(new(found)) == tag)
            {
                at = new(found + SecondOffset);
                ulong frame = (link & AliasLink) != 0 ? port.ReadBeside64(new(found + FrameOffset), new(found)) : link - 1;
                entry = Entry(frame, port.ReadBeside64(at, new(found)));
                return true;
            }

            link = port.ReadBeside64(new(found + SecondOffset), new(found)) & LinkMask;
        }

        entry = 0;
        at = default;
        return false;
    }

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) =>
        memory.Write64(at, memory.Read64(at) | TablePte.Referenced | (isStore ? TablePte.Modified : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong EntryAt(ulong link, ulong frames) =>
        (link & AliasLink) != 0 ? (link & ~AliasLink) << 3 : frames + ((link - 1) << 4);

    /// <summary>The PTE that a frame and the second word of its entry make.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Entry(ulong frame, ulong second)
    {
        const ulong Stored = TablePte.Writable | TablePte.Modified;
        ulong bits = (second & SoftwareMask) | TablePte.Cacheable | TablePte.Valid | ((second & Stored) == Stored ? TablePte.Dirty : 0);
        return (frame << TablePte.FrameShift) | bits;
    }
}
