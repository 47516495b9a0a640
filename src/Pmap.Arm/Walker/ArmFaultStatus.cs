namespace BsdVm.Arm;

/// <summary>
/// FS[4:0] of DFSR and IFSR for the faults of a walk: what is wrong, and at which level of the tables.
/// Source: ARM DDI 0406C, B3.13.3, table B3-23.
/// </summary>
public enum ArmFaultStatus : byte
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>The access flag is clear (SCTLR.AFE=1); section or supersection.</summary>
    AccessFlagFirst = 0b00011,

    /// <summary>The first-level descriptor is a fault, or TTBCR.PD0 or PD1 forbids the walk.</summary>
    TranslationFirst = 0b00101,

    /// <summary>The access flag is clear (SCTLR.AFE=1); page.</summary>
    AccessFlagSecond = 0b00110,

    /// <summary>The second-level descriptor is a fault.</summary>
    TranslationSecond = 0b00111,

    /// <summary>DACR gives no access to the domain; section.</summary>
    DomainFirst = 0b01001,

    /// <summary>DACR gives no access to the domain; page.</summary>
    DomainSecond = 0b01011,

    /// <summary>There is no memory where the first-level descriptor should be.</summary>
    ExternalAbortFirst = 0b01100,

    /// <summary>The rights refuse the access; section or supersection.</summary>
    PermissionFirst = 0b01101,

    /// <summary>There is no memory where the second-level descriptor should be.</summary>
    ExternalAbortSecond = 0b01110,

    /// <summary>The rights refuse the access; page.</summary>
    PermissionSecond = 0b01111,
}
