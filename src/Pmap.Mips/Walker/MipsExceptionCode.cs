namespace BsdVm.Mips;

/// <summary>
/// ExcCode of the Cause register, for the exceptions of address translation. Source: MIPS R4000 User's Manual, table 5-7.
/// </summary>
public enum MipsExceptionCode : uint
{
    /// <summary>A store to a page whose entry has D clear (Mod).</summary>
    Modified = 1,

    /// <summary>A load or fetch without a valid translation (TLBL).</summary>
    TlbLoad = 2,

    /// <summary>A store without a valid translation (TLBS).</summary>
    TlbStore = 3,

    /// <summary>A load or fetch of an address that is in no segment (AdEL).</summary>
    AddressLoad = 4,

    /// <summary>A store to such an address (AdES).</summary>
    AddressStore = 5,
}
