namespace BsdVm.Mips;

/// <summary>What a look-up in the TLB of an R4000 comes to. Source: MIPS R4000 User's Manual, figure 4-22.</summary>
public enum R4000Outcome : byte
{
    /// <summary>Translated.</summary>
    Hit,

    /// <summary>The address is in no segment that the mode may use.</summary>
    AddressError,

    /// <summary>No entry matches.</summary>
    Refill,

    /// <summary>The matching entry's half has V clear.</summary>
    Invalid,

    /// <summary>A store, and the half has D clear.</summary>
    Modified,
}

/// <summary>One entry of the TLB: a pair of neighbouring pages.</summary>
public struct R4000Entry
{
    /// <summary>PageMask 24:13: 0 for pages of 4 KB, 3 for 16 KB, up to 0xFFF for 16 MB, shifted by 13.</summary>
    public ulong PageMask;

    /// <summary>EntryHi: region 63:62, VPN2 from bit 13, ASID 7:0.</summary>
    public ulong EntryHi;

    /// <summary>EntryLo0: the even page.</summary>
    public ulong EntryLo0;

    /// <summary>EntryLo1: the odd page.</summary>
    public ulong EntryLo1;

    /// <summary>Whether the entry is for all address spaces: G of both halves.</summary>
    public readonly bool IsGlobal => (EntryLo0 & EntryLo1 & MipsPte.Global) != 0;

    /// <summary>The base-2 logarithm of the size of one of its pages.</summary>
    public readonly int PageShift => PageSize.Base.Shift + System.Numerics.BitOperations.PopCount(PageMask);
}
