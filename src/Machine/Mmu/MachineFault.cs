namespace BsdVm;

/// <summary>Why the hardware refused an access, in the words that all machines share.</summary>
public enum FaultReason : byte
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>No valid translation at some level of the tables.</summary>
    NotPresent,

    /// <summary>A translation exists, but its rights do not allow the access.</summary>
    Protection,

    /// <summary>An entry used in the walk has a reserved bit set.</summary>
    ReservedBit,

    /// <summary>The address is outside what the machine can translate at all (x86-64 non-canonical, MIPS address error).</summary>
    AddressRange,
}

/// <summary>What the processor tells the kernel about a refused access.</summary>
/// <param name="Address">The faulting address (x86 CR2, ARM DFAR/IFAR, MIPS BadVAddr).</param>
/// <param name="Access">What the access wanted to do.</param>
/// <param name="Mode">On whose behalf.</param>
/// <param name="Reason">The reason in machine-independent words.</param>
/// <param name="Code">The machine's own fault code: x86 page-fault error code, ARM fault status, MIPS ExcCode.</param>
public readonly record struct MachineFault(VirtualAddress Address, AccessKind Access, PrivilegeMode Mode, FaultReason Reason, uint Code);

/// <summary>What the kernel decided about a fault.</summary>
public enum TrapDisposition : byte
{
    /// <summary>The cause is mended: the processor restarts the instruction.</summary>
    Restart,

    /// <summary>The access does not happen (a signal is delivered, the process ends).</summary>
    Abandon,
}

/// <summary>The kernel's entry for faults. Source: 4.4BSD <c>trap()</c>.</summary>
public interface ITrapHandler
{
    /// <summary>Called with the fault that <paramref name="cpu"/> took.</summary>
    TrapDisposition HandleFault(Cpu cpu, in MachineFault fault);
}
