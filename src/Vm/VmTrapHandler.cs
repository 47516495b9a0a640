namespace BsdVm;

/// <summary>
/// The fault entry of processors that were given no other: a fault belongs to the address space that is active on the processor which took
/// it, and is resolved there. Whoever wants signals, or stacks that grow, sets <see cref="Cpu.TrapHandler"/>. Source: 4.4BSD <c>trap</c>.
/// </summary>
public sealed class VmTrapHandler : ITrapHandler
{
    private readonly VmSystem _system;
    private readonly VmStatus[] _statuses;

    internal VmTrapHandler(VmSystem system)
    {
        _system = system;
        _statuses = new VmStatus[system.Machine.Cpus.Length];
    }

    /// <summary>How the latest fault of a processor ended; <see cref="VmStatus.Success"/> if there was none.</summary>
    public VmStatus StatusOn(Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        return _statuses[cpu.Id];
    }

    /// <inheritdoc/>
    public TrapDisposition HandleFault(Cpu cpu, in MachineFault fault)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        VmStatus status = _system.Pmaps.LoadedOn(cpu) is { } pmap
            ? _system.Fault(_system.SpaceOf(pmap), fault.Address, fault.Access)
            : VmStatus.InvalidAddress;
        _statuses[cpu.Id] = status;
        return status == VmStatus.Success ? TrapDisposition.Restart : TrapDisposition.Abandon;
    }
}
