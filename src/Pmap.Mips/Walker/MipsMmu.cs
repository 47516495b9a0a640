namespace BsdVm.Mips;

/// <summary>What the processors of this assembly share: the registers that say where the table is, and the limit of the user segment.</summary>
public abstract class MipsMmu : Mmu
{
    private readonly ulong _limit;

    private protected MipsMmu(PhysicalMemory memory, int segmentBits)
    {
        Memory = memory;
        _limit = 1UL << segmentBits;
    }

    /// <summary>Where the table is; without a root there is none.</summary>
    public TableRegisters Registers { get; private set; }

    private protected PhysicalMemory Memory { get; }

    private protected bool IsLoaded { get; private set; }

    /// <summary>Loads the registers of an address space and its tag.</summary>
    internal void Load(in TableRegisters registers, uint tag)
    {
        Registers = registers;
        Tag = tag;
        IsLoaded = true;
        SwitchSpace();
    }

    /// <summary>A table is about to go: no processor may walk it any more.</summary>
    internal static void Unload(Machine machine, in TableRegisters registers)
    {
        foreach (Cpu cpu in machine.Cpus)
        {
            var mmu = (MipsMmu)cpu.Mmu;
            if (mmu.Registers == registers)
            {
                mmu.Registers = default;
                mmu.IsLoaded = false;
                mmu.ForgetTables();
            }
        }
    }

    /// <summary>Another space is loaded: what is not tagged goes.</summary>
    private protected virtual void SwitchSpace()
    {
    }

    /// <summary>Forgets where tables in virtual space are.</summary>
    internal virtual void ForgetTables()
    {
    }

    private protected bool IsTranslatable(ulong address) => address < _limit;

    internal static MachineFault Refuse(VirtualAddress address, AccessKind access, PrivilegeMode mode, FaultReason reason)
    {
        bool isStore = access == AccessKind.Write;
        MipsExceptionCode code = reason switch
        {
            FaultReason.Protection => MipsExceptionCode.Modified,
            FaultReason.AddressRange => isStore ? MipsExceptionCode.AddressStore : MipsExceptionCode.AddressLoad,
            _ => isStore ? MipsExceptionCode.TlbStore : MipsExceptionCode.TlbLoad,
        };
        return new(address, access, mode, reason, (uint)code);
    }
}
