using System.Collections.Immutable;
using BsdVm.Arm;

namespace BsdVm.Judge;

/// <summary>
/// What QEMU does otherwise on ARM. (1) It checks the domain before it reads the second-level descriptor and before the access flag; the
/// manual's order is translation, access flag, domain, permission. (2) It refuses a fetch by XN or PXN before it looks at the access flag.
/// (3) In a manager domain it does not look at the access flag; the tests have none while the flag is in use. (4) IFSR has the domain,
/// which the manual has in DFSR alone, and only where a descriptor gave one. Source: ARM DDI 0406C, B3.12 and B4.1.52.
/// </summary>
internal sealed class ArmDifferences(ArmMmu mmu) : KnownDifferences
{
    /// <summary>A status register as text, without the fields that mean nothing.</summary>
    public static string Text(uint code, AccessKind access)
    {
        ArmFaultStatus status = ArmFaultCode.Status(code);
        string where = access == AccessKind.Execute ? "fetch" : (code >> 11 & 1) != 0 ? "store" : "load";
        bool hasDomain = access != AccessKind.Execute && status != ArmFaultStatus.TranslationFirst;
        return hasDomain ? $"{where} {status} domain {ArmFaultCode.Domain(code)}" : $"{where} {status}";
    }

    public override string Describe(in MachineFault fault)
    {
        ArmFaultStatus status = ArmFaultCode.Status(fault.Code);
        ImmutableArray<WalkStep> steps = mmu.Explain(fault.Address, fault.Access, fault.Mode).Steps;
        if (status is ArmFaultStatus.TranslationSecond or ArmFaultStatus.AccessFlagFirst or ArmFaultStatus.AccessFlagSecond)
        {
            ArmDescriptor first = ArmDescriptor.DecodeFirst((uint)steps[0].Entry);
            bool isFirst = status == ArmFaultStatus.AccessFlagFirst;
            if ((mmu.Registers.Dacr >> (2 * first.Domain) & 1) == 0)
            {
                status = isFirst ? ArmFaultStatus.DomainFirst : ArmFaultStatus.DomainSecond;
            }
            else if (status != ArmFaultStatus.TranslationSecond && fault.Access == AccessKind.Execute
                && RefusesFetch(first, steps, fault.Mode))
            {
                status = isFirst ? ArmFaultStatus.PermissionFirst : ArmFaultStatus.PermissionSecond;
            }
        }

        return Text(ArmFaultCode.Encode(status, ArmFaultCode.Domain(fault.Code), fault.Access), fault.Access);
    }

    public override string ToString() => mmu.Registers.ToString();

    private static bool RefusesFetch(in ArmDescriptor first, ImmutableArray<WalkStep> steps, PrivilegeMode mode)
    {
        ArmDescriptor leaf = steps.Length > 1 ? ArmDescriptor.DecodeSecond((uint)steps[1].Entry) : first;
        return leaf.Attributes.ExecuteNever || (mode == PrivilegeMode.Supervisor && first.PrivilegedExecuteNever);
    }
}
