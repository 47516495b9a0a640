using System.Runtime.CompilerServices;

namespace BsdVm.X86;

/// <summary>What the pmap keeps in the low bits of an entry for a 4 KB page, alike in both formats.</summary>
internal static class X86Leaf
{
    private const X86EntryFlags Wired = X86EntryFlags.Software0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Encode(Protection rights, PmapFlags flags)
    {
        X86EntryFlags bits = X86EntryFlags.Present | X86EntryFlags.User;
        bits |= (rights & Protection.Write) != 0 ? X86EntryFlags.Writable : 0;
        bits |= (flags & PmapFlags.Wired) != 0 ? Wired : 0;
        bits |= (flags & PmapFlags.Referenced) != 0 ? X86EntryFlags.Accessed : 0;
        bits |= (flags & PmapFlags.Modified) != 0 ? X86EntryFlags.Dirty : 0;
        return (ulong)bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Protection Rights(ulong entry) =>
        (entry & (ulong)X86EntryFlags.Writable) != 0 ? Protection.ReadWrite : Protection.Read;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PmapFlags Flags(ulong entry)
    {
        PmapFlags flags = (entry & (ulong)Wired) != 0 ? PmapFlags.Wired : PmapFlags.None;
        flags |= (entry & (ulong)X86EntryFlags.Accessed) != 0 ? PmapFlags.Referenced : PmapFlags.None;
        return flags | ((entry & (ulong)X86EntryFlags.Dirty) != 0 ? PmapFlags.Modified : PmapFlags.None);
    }
}
