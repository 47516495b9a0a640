using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// An elastic cuckoo table of three ways. A slot is one line of 64 bytes: the PTEs of 8 neighbouring pages, and in the upper 25 bits of each
/// word the slot's own mark (bit 39) and half of the number of its page group, the low half in words of even pages, the high half in those
/// of odd ones: any pair of neighbouring words tells whether the slot is the right one. While the table changes its size, each way has a
/// pointer: a group whose place in the old way is below it belongs to the new one. Register: a control block of words that the walker keeps:
/// logarithms of the slots of a way now (7:0) and next (15:8, 0 for none), then for each way the first byte of the old and of the new one,
/// and the pointer.
/// A look-up probes the three ways together: three references in one step.
/// Source: Skarlatos, Kokolis, Xu, Torrellas, "Elastic Cuckoo Page Tables", sections 4 and 5.
/// </summary>
internal readonly struct CuckooWalk : ITableWalk
{
    internal const int Ways = 3;
    internal const int SlotShift = 6;
    internal const int PagesPerSlot = 8;
    internal const ulong InUse = 1UL << 39;
    internal const ulong TagMask = ~(InUse - 1);
    internal const int TagShift = 40;
    internal const int HalfBits = 24;
    internal const int WayWords = 3;

    public static bool HoldsPairs => true;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        ulong group = address.Page.Value / PagesPerSlot;
        ulong mixed = Mix(group);
        ulong inSlot = (address.Page.Value & (PagesPerSlot - 2)) << 3;
        ulong control = registers.Root;
        ulong sizes = port.ReadRegister64(new(control));
        port.Execute(TableHash.Instructions + (Ways * 12));
        ulong first = SlotAt(ref port, control, sizes, mixed, 0) + inSlot;
        ulong second = SlotAt(ref port, control, sizes, mixed, 1) + inSlot;
        ulong third = SlotAt(ref port, control, sizes, mixed, 2) + inSlot;
        ulong even = TagOfEven(group);
        ulong odd = TagOfOdd(group);
        ulong word1 = port.Read64(new(first));
        ulong word2 = port.ReadAside64(new(second));
        ulong word3 = port.ReadAside64(new(third));
        ulong beside1 = port.ReadBeside64(new(first + 8), new(first));
        ulong beside2 = port.ReadBeside64(new(second + 8), new(second));
        ulong beside3 = port.ReadBeside64(new(third + 8), new(third));
        ulong apart1 = ((word1 ^ even) | (beside1 ^ odd)) & TagMask;
        ulong apart2 = ((word2 ^ even) | (beside2 ^ odd)) & TagMask;
        ulong apart3 = ((word3 ^ even) | (beside3 ^ odd)) & TagMask;
        at = new(apart1 == 0 ? first : apart2 == 0 ? second : apart3 == 0 ? third : 0);
        entry = 0;
        if (at == default)
        {
            return false;
        }

        bool isOdd = (address.Page.Value & 1) != 0;
        ulong pairEven = apart1 == 0 ? word1 : apart2 == 0 ? word2 : word3;
        ulong pairOdd = apart1 == 0 ? beside1 : apart2 == 0 ? beside2 : beside3;
        entry = (isOdd ? pairOdd : pairEven) & ~TagMask;
        at += isOdd ? 8UL : 0;
        return true;
    }

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => TablePte.Mark(memory, at, isStore);

    internal static ulong TagOfEven(ulong group) => InUse | (group << TagShift);

    internal static ulong TagOfOdd(ulong group) => InUse | (group >> HalfBits << TagShift);

    /// <summary>The hash of a group, as of a page with the group's number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Mix(ulong group) => TableHash.Mix(new PageNumber(group).Address.Value);

    /// <summary>The hash of a way, of which the upper bits are the slot: the mixed group times an odd number of the way's own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong HashOf(ulong mixed, int way) => mixed * (way switch
    {
        0 => 0x9E37_79B9_7F4A_7C15,
        1 => 0xC2B2_AE3D_27D4_EB4F,
        _ => 0xD6E8_FEB8_6659_FD93UL,
    });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SlotAt<TPort>(ref TPort port, ulong control, ulong sizes, ulong mixed, int way)
        where TPort : struct, IWalkPort
    {
        ulong hash = HashOf(mixed, way);
        ulong words = control + 8 + (ulong)(way * WayWords * 8);
        ulong slot = hash >> (64 - (int)(sizes & 0xFF));
        int next = (int)(sizes >> 8);
        if (next != 0 && slot < port.ReadRegister64(new(words + 16)))
        {
            return port.ReadRegister64(new(words + 8)) + (hash >> (64 - next) << SlotShift);
        }

        return port.ReadRegister64(new(words)) + (slot << SlotShift);
    }
}
