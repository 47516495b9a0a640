namespace BsdVm.Arm;

/// <summary>
/// <see cref="MachineFault.Code"/> of this machine: the fault status register. For loads and stores DFSR: FS[3:0] in bits 3:0, the
/// domain in 7:4, FS[4] in bit 10, WnR in bit 11. For fetches IFSR, which has neither domain nor WnR.
/// Source: ARM DDI 0406C, B4.1.51 and B4.1.96.
/// </summary>
public static class ArmFaultCode
{
    private const uint WriteNotRead = 1 << 11;

    /// <summary>The register's value after a fault.</summary>
    public static uint Encode(ArmFaultStatus status, int domain, AccessKind access)
    {
        uint code = ((uint)status & 15) | ((uint)status >> 4 << 10);
        return access switch
        {
            AccessKind.Execute => code,
            AccessKind.Write => code | ((uint)domain << 4) | WriteNotRead,
            _ => code | ((uint)domain << 4),
        };
    }

    /// <summary>FS[4:0] of a register's value.</summary>
    public static ArmFaultStatus Status(uint code) => (ArmFaultStatus)((code & 15) | (code >> 10 & 1) << 4);

    /// <summary>The domain in a value of DFSR. It means nothing after a translation fault of the first level.</summary>
    public static int Domain(uint code) => (int)(code >> 4) & 15;

    /// <summary>The level of the tables that the fault is of: 1 or 2.</summary>
    public static int Level(ArmFaultStatus status) => status is
        ArmFaultStatus.AccessFlagFirst or ArmFaultStatus.TranslationFirst or ArmFaultStatus.DomainFirst
        or ArmFaultStatus.ExternalAbortFirst or ArmFaultStatus.PermissionFirst ? 1 : 2;

    /// <summary>The kind of the fault in the manual's words, without its level.</summary>
    public static string Name(ArmFaultStatus status) => status switch
    {
        ArmFaultStatus.AccessFlagFirst or ArmFaultStatus.AccessFlagSecond => "access flag",
        ArmFaultStatus.TranslationFirst or ArmFaultStatus.TranslationSecond => "translation",
        ArmFaultStatus.DomainFirst or ArmFaultStatus.DomainSecond => "domain",
        ArmFaultStatus.PermissionFirst or ArmFaultStatus.PermissionSecond => "permission",
        ArmFaultStatus.ExternalAbortFirst or ArmFaultStatus.ExternalAbortSecond => "external abort on walk",
        _ => "none",
    };
}
