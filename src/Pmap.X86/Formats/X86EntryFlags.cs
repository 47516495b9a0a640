namespace BsdVm.X86;

/// <summary>
/// Bits of a table entry under the manual's names. Bits of which the place is the same at all levels and in both formats stand here once.
/// Source: Intel SDM volume 3, sections 5.3 and 5.5 (4.3 and 4.5 in older editions).
/// </summary>
[Flags]
public enum X86EntryFlags : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>P: the entry is used by the walker. With P=0 all other bits belong to software.</summary>
    Present = 1 << 0,

    /// <summary>R/W: stores are allowed.</summary>
    Writable = 1 << 1,

    /// <summary>U/S: programs may use it.</summary>
    User = 1 << 2,

    /// <summary>PWT: page-level write-through.</summary>
    WriteThrough = 1 << 3,

    /// <summary>PCD: page-level cache disable.</summary>
    CacheDisable = 1 << 4,

    /// <summary>A: the walker used the entry.</summary>
    Accessed = 1 << 5,

    /// <summary>D: the walker stored through the entry; only where it maps a page.</summary>
    Dirty = 1 << 6,

    /// <summary>PS: the entry of a higher level maps a large page. In an entry that maps a 4 KB page the same bit is PAT.</summary>
    PageSize = 1 << 7,

    /// <summary>G: the translation survives a change of CR3; only where the entry maps a page and CR4.PGE=1.</summary>
    Global = 1 << 8,

    /// <summary>First of the three bits that software may use. Here: the mapping is wired.</summary>
    Software0 = 1 << 9,

    /// <summary>Second of the three bits that software may use.</summary>
    Software1 = 1 << 10,

    /// <summary>Third of the three bits that software may use.</summary>
    Software2 = 1 << 11,

    /// <summary>PAT of an entry that maps a large page.</summary>
    LargePat = 1 << 12,

    /// <summary>XD: fetches are refused. Reserved where EFER.NXE=0; not in 4-byte entries.</summary>
    ExecuteDisable = 1UL << 63,
}
