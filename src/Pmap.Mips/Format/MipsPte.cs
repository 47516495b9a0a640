namespace BsdVm.Mips;

/// <summary>
/// EntryLo of the R4000: PFN 29:6, C 5:3, D 2, V 1, G 0. It is the low half of a <see cref="Structures.TablePte"/>, whose upper bits a refill
/// handler shifts out. Source: MIPS R4000 User's Manual, chapter 4 (EntryLo); FreeBSD <c>mips/pte.h</c>.
/// </summary>
public static class MipsPte
{
    /// <summary>G: the entry is for every address space.</summary>
    public const ulong Global = 1UL << 0;

    /// <summary>V: the entry translates.</summary>
    public const ulong Valid = 1UL << 1;

    /// <summary>D: stores are allowed without a trap.</summary>
    public const ulong Dirty = 1UL << 2;

    /// <summary>C: the cache attribute of ordinary memory, cacheable and not coherent.</summary>
    public const ulong Cacheable = 3UL << 3;

    /// <summary>The lowest bit of PFN.</summary>
    public const int FrameShift = 6;

    /// <summary>The bits that EntryLo has.</summary>
    public const ulong EntryLoMask = (1UL << 30) - 1;

    /// <summary>Bits of a physical address that an entry can name.</summary>
    public const int PhysicalAddressBits = 36;

    /// <summary>The frame that an entry names.</summary>
    public static PageFrameNumber Frame(ulong entryLo) => new((entryLo & EntryLoMask) >> FrameShift);
}
