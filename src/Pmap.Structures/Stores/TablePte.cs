using System.Runtime.CompilerServices;

namespace BsdVm.Structures;

/// <summary>
/// The 8-byte entry that every structure gives its walkers, and most hold: in the low 30 bits frame 29:6, cache attribute 5:3, dirty 2, valid
/// 1, global 0, as the R4000's EntryLo has them; above it bits of the software's, which a refill handler shifts out. Dirty says that stores
/// need no trap: it is set only once modified is recorded. Zero is no mapping. Source: MIPS R4000 User's Manual, chapter 4 (EntryLo);
/// FreeBSD <c>mips/pte.h</c>.
/// </summary>
public static class TablePte
{
    /// <summary>The entry is for every address space.</summary>
    public const ulong Global = 1UL << 0;

    /// <summary>The entry translates.</summary>
    public const ulong Valid = 1UL << 1;

    /// <summary>Stores are allowed without a trap.</summary>
    public const ulong Dirty = 1UL << 2;

    /// <summary>The cache attribute of ordinary memory: cacheable, not coherent.</summary>
    public const ulong Cacheable = 3UL << 3;

    /// <summary>The lowest bit of the frame number.</summary>
    public const int FrameShift = 6;

    /// <summary>Software: the mapping is wired.</summary>
    public const ulong Wired = 1UL << SoftwareShift;

    /// <summary>Software, or a hardware walker: the page was used.</summary>
    public const ulong Referenced = 1UL << (SoftwareShift + 1);

    /// <summary>Software, or a hardware walker: the page was stored to.</summary>
    public const ulong Modified = 1UL << (SoftwareShift + 2);

    /// <summary>Software: the mapping's rights allow stores.</summary>
    public const ulong Writable = 1UL << (SoftwareShift + 3);

    /// <summary>Software: nothing is mapped, and the place is kept for the page.</summary>
    public const ulong Reserved = 1UL << (SoftwareShift + 4);

    /// <summary>Bits of a physical address that an entry can name.</summary>
    public const int PhysicalAddressBits = 36;

    /// <summary>All bits of an entry that say something of a mapping; those above mark places and, in some tables, carry tags.</summary>
    public const ulong Mask = (1UL << (SoftwareShift + 4)) - 1;

    private const int SoftwareShift = 32;
    private const int FrameBits = PhysicalAddressBits - 12;
    private const ulong FrameMask = (1UL << FrameBits) - 1;
    private const TlbFlags Loads = TlbFlags.Valid | TlbFlags.UserRead | TlbFlags.UserExecute | TlbFlags.SupervisorRead | TlbFlags.SupervisorExecute;
    private const TlbFlags Stores = TlbFlags.UserWrite | TlbFlags.SupervisorWrite;

    /// <summary>The first frame that an entry cannot name.</summary>
    public static PageFrameNumber FrameLimit => new(1UL << FrameBits);

    /// <summary>The entry of a mapping.</summary>
    public static ulong Encode(PageFrameNumber frame, Protection rights, PmapFlags flags)
    {
        ulong entry = (frame.Value << FrameShift) | Cacheable | Valid | ((ulong)flags << SoftwareShift);
        entry |= rights.Allows(Protection.Write) ? Writable : 0;
        return (entry & (Writable | Modified)) == (Writable | Modified) ? entry | Dirty : entry;
    }

    /// <summary>The entry of a mapping.</summary>
    public static ulong Encode(in PmapMapping mapping) => Encode(mapping.Frame, mapping.Rights, mapping.Flags);

    /// <summary>What an entry that is not zero says.</summary>
    public static PmapMapping Decode(VirtualAddress address, ulong entry) => new(
        address,
        Frame(entry),
        (entry & Writable) != 0 ? Protection.All : Protection.ReadExecute,
        (PmapFlags)((entry >> SoftwareShift) & 7));

    /// <summary>The frame that an entry names.</summary>
    public static PageFrameNumber Frame(ulong entry) => new((entry >> FrameShift) & FrameMask);

    /// <summary>The word that a processor's first-level TLB keeps of an entry, where a walker keeps the bits: stores by the rights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Translation(ulong entry)
    {
        ulong flags = (ulong)Loads | ((entry & Writable) != 0 ? (ulong)Stores : 0) | ((entry & Dirty) << 5) | ((entry & Global) << 8);
        return Frame(entry).Address.Value | flags;
    }

    /// <summary>Records a use in the entry at an address, in what it is now.</summary>
    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore)
    {
        ArgumentNullException.ThrowIfNull(memory);
        memory.Write64(at, memory.Read64(at) | Referenced | (isStore ? Modified | Dirty : 0));
    }
}
