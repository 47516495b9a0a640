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

    /// <summary>
    /// The entry that maps the large page which begins with the 4 KB page of this entry, rights and bits alike: all bits lie at the same
    /// places but PAT, which the pmap does not use.
    /// </summary>
    public static ulong Promote(ulong entry) => entry | (ulong)X86EntryFlags.PageSize;

    /// <summary>The entry for one 4 KB page out of a large page below 4 GB (two levels) or of any (8-byte entries).</summary>
    public static ulong Piece(ulong large, int index) =>
        (large & ~(ulong)X86EntryFlags.PageSize) + ((ulong)index * PageSize.BaseBytes);

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
