namespace BsdVm.Posix;

public sealed partial class Kernel
{
    /// <summary>Makes a process the one that runs on its processor. Source: 4.4BSD <c>cpu_switch</c>.</summary>
    internal Cpu Dispatch(Process process)
    {
        Cpu cpu = Vm.Machine.Cpus[process.CpuId];
        if (!ReferenceEquals(_running[cpu.Id], process))
        {
            _running[cpu.Id] = process;
            process.Memory.Space.Activate(cpu);
        }

        return cpu;
    }

    /// <inheritdoc/>
    TrapDisposition ITrapHandler.HandleFault(Cpu cpu, in MachineFault fault)
    {
        if (_running[cpu.Id] is not { } process)
        {
            return TrapDisposition.Abandon;
        }

        ProcessMemory memory = process.Memory;
        if (memory.Map.Lookup(fault.Address) is null)
        {
            Personality.TryGrowStack(memory, fault.Address.Value);
        }

        VmStatus status = Vm.Fault(memory.Space, fault.Address, fault.Access);
        if (status == VmStatus.Success)
        {
            return TrapDisposition.Restart;
        }

        process.NoteFailure(status, fault.Address.Value);
        return TrapDisposition.Abandon;
    }

    /// <inheritdoc/>
    void IVmObserver.PrivateWrite(VmSpace space, VirtualAddress address)
    {
        foreach (Process process in _processes)
        {
            if (ReferenceEquals(process.Memory.Space, space))
            {
                process.Memory.Mappings.NoteWrite(address.Value);
                return;
            }
        }
    }
}
