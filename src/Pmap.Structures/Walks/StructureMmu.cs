namespace BsdVm.Walks;

/// <summary>What the processors that walk table structures share: the registers that say where the table is, and the limit of user addresses.</summary>
public abstract class StructureMmu : Mmu
{
    private readonly ulong _limit;

    /// <summary>A walker that has no table yet.</summary>
    /// <param name="memory">Where the tables are.</param>
    /// <param name="addressBits">Bits of a user address.</param>
    protected StructureMmu(PhysicalMemory memory, int addressBits)
    {
        Memory = memory;
        _limit = 1UL << addressBits;
    }

    /// <summary>Where the table is; without a root there is none.</summary>
    public TableRegisters Registers { get; private set; }

    /// <summary>Where the tables are.</summary>
    protected PhysicalMemory Memory { get; }

    /// <summary>Whether there is a table.</summary>
    protected bool IsLoaded { get; private set; }

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
            var mmu = (StructureMmu)cpu.Mmu;
            if (mmu.Registers == registers)
            {
                mmu.Registers = default;
                mmu.IsLoaded = false;
                mmu.ForgetTables();
            }
        }
    }

    /// <summary>Another space is loaded: what is not tagged goes.</summary>
    protected virtual void SwitchSpace()
    {
    }

    /// <summary>Forgets where tables in virtual space are.</summary>
    protected internal virtual void ForgetTables()
    {
    }

    /// <summary>Whether a user address is one that the table can have an entry for.</summary>
    protected bool IsTranslatable(VirtualAddress address) => address.Value < _limit;

    /// <summary>The fault of a refused access.</summary>
    protected MachineFault Refuse(VirtualAddress address, AccessKind access, PrivilegeMode mode, FaultReason reason) =>
        new(address, access, mode, reason, CodeOf(access, reason));

    /// <summary>The machine's own code of a fault.</summary>
    protected abstract uint CodeOf(AccessKind access, FaultReason reason);
}
