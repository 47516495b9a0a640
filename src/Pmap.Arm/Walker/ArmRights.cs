using System.Runtime.CompilerServices;

namespace BsdVm.Arm;

/// <summary>
/// From AP, XN, PXN and the domain to the rights of both modes, as a table that is computed when a register changes: a walk only looks up.
/// Where a fault other than permission comes first, the entry is 0. Source: ARM DDI 0406C, B3.7, tables B3-6 and B3-8.
/// </summary>
internal sealed class ArmRights
{
    private const int ExecuteNever = 1 << 3;
    private const int PrivilegedExecuteNever = 1 << 4;
    private const int DomainShift = 5;

    // By AP[2:0], XN, PXN, domain.
    private readonly ushort[] _flags = new ushort[16 << DomainShift];

    public ArmRights(in ArmRegisters registers)
    {
        for (int key = 0; key < _flags.Length; key++)
        {
            _flags[key] = (ushort)Compute(registers, key);
        }
    }

    /// <summary>The flags for a small page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong OfSmallPage(uint first, uint second)
    {
        uint key = ((second >> 4) & 3) | ((second >> 7) & 4) | ((second & 1) << 3) | ((first << 2) & (uint)PrivilegedExecuteNever)
            | (first & (15u << DomainShift));
        return _flags[key];
    }

    /// <summary>The flags for any memory.</summary>
    public ulong Of(in ArmAttributes attributes, bool privilegedExecuteNever, int domain) => _flags[
        attributes.AccessPermissions | (attributes.ExecuteNever ? ExecuteNever : 0)
        | (privilegedExecuteNever ? PrivilegedExecuteNever : 0) | (domain << DomainShift)];

    private static TlbFlags Compute(in ArmRegisters registers, int key)
    {
        int access = key & 7;
        uint domain = registers.Dacr >> (2 * (key >> DomainShift)) & 3;
        if ((domain & 1) == 0 || (registers.Afe && (access & 1) == 0))
        {
            return TlbFlags.None;
        }

        // No bit of the tables changes with the first store, so none asks for a walk of its own.
        const TlbFlags Usable = TlbFlags.Valid | TlbFlags.Dirty;
        if (domain == 3)
        {
            return Usable | TlbFlagsExtensions.Rights(Protection.All, PrivilegeMode.User)
                | TlbFlagsExtensions.Rights(Protection.All, PrivilegeMode.Supervisor);
        }

        (Protection kernel, Protection user) = registers.Afe ? Simplified(access >> 1) : Full(access);
        bool kernelFetches = (key & (ExecuteNever | PrivilegedExecuteNever)) == 0;
        return Usable
            | TlbFlagsExtensions.Rights(WithFetches(user, (key & ExecuteNever) == 0), PrivilegeMode.User)
            | TlbFlagsExtensions.Rights(WithFetches(kernel, kernelFetches), PrivilegeMode.Supervisor);
    }

    // What cannot be read cannot be fetched either.
    private static Protection WithFetches(Protection data, bool fetches) =>
        fetches && data != Protection.None ? data | Protection.Execute : data;

    private static (Protection Kernel, Protection User) Full(int access) => access switch
    {
        0b001 => (Protection.ReadWrite, Protection.None),
        0b010 => (Protection.ReadWrite, Protection.Read),
        0b011 => (Protection.ReadWrite, Protection.ReadWrite),
        0b101 => (Protection.Read, Protection.None),
        0b110 or 0b111 => (Protection.Read, Protection.Read),
        _ => (Protection.None, Protection.None),
    };

    private static (Protection Kernel, Protection User) Simplified(int access) => access switch
    {
        0b00 => (Protection.ReadWrite, Protection.None),
        0b01 => (Protection.ReadWrite, Protection.ReadWrite),
        0b10 => (Protection.Read, Protection.None),
        _ => (Protection.Read, Protection.Read),
    };
}
