using System.Runtime.CompilerServices;
using BsdVm.Structures;

namespace BsdVm.Walks;

/// <summary>
/// A processor whose hardware walks a table, whatever its structure: the code that a refill handler would run, as a state machine. It keeps
/// referenced and modified in the entries, as hardware walkers do; rights are those of the software's bits. Its fault codes are the
/// exception codes of the R4000, so that both machines can be compared.
/// </summary>
/// <typeparam name="TWalk">The structure's walk.</typeparam>
internal sealed class WalkerMmu<TWalk>(PhysicalMemory memory, int addressBits) : StructureMmu(memory, addressBits)
    where TWalk : struct, ITableWalk
{
    // 64 pairs of table pages: what an ordinary second-level TLB would spare for them.
    private readonly TablePageCache _tables = new(64);
    private readonly WalkTrail _trail = new();

    public override bool TryWalk(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        _trail.Begin();
        var port = new WalkerPort(Memory, _trail, _tables);
        PhysicalAddress at = default;
        FaultReason reason = IsTranslatable(address)
            ? Walk(ref port, address, access, out translation, out at)
            : Outside(out translation);
        Walks.Count(_trail.Cost(TWalk.SharesLines));
        if (reason != FaultReason.None)
        {
            fault = Refuse(address, access, mode, reason);
            return false;
        }

        if (at != default)
        {
            TWalk.Mark(Memory, at, access == AccessKind.Write);
        }

        fault = default;
        return true;
    }

    public override bool TryProbe(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        var port = new ProbePort(Memory);
        FaultReason reason = IsTranslatable(address)
            ? Walk(ref port, address, access, out translation, out _)
            : Outside(out translation);
        fault = reason == FaultReason.None ? default : Refuse(address, access, mode, reason);
        return reason == FaultReason.None;
    }

    protected internal override void ForgetTables() => _tables.Flush();

    protected override void SwitchSpace() => _tables.Flush();

    protected override uint CodeOf(AccessKind access, FaultReason reason)
    {
        bool isStore = access == AccessKind.Write;
        return reason switch
        {
            FaultReason.Protection => 1,
            FaultReason.AddressRange => isStore ? 5U : 4,
            _ => isStore ? 3U : 2,
        };
    }

    private static FaultReason Outside(out ulong translation)
    {
        translation = 0;
        return FaultReason.AddressRange;
    }

    // Where the entry does not record the use yet, its place is told.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FaultReason Walk<TPort>(
        ref TPort port, VirtualAddress address, AccessKind access, out ulong translation, out PhysicalAddress unmarked)
        where TPort : struct, IWalkPort
    {
        unmarked = default;
        translation = 0;
        TableRegisters registers = Registers;
        if (!IsLoaded || !TWalk.TryWalk(ref port, in registers, address, out ulong entry, out PhysicalAddress at) || (entry & TablePte.Valid) == 0)
        {
            return FaultReason.NotPresent;
        }

        ulong wanted = TablePte.Referenced;
        if (access == AccessKind.Write)
        {
            if ((entry & TablePte.Writable) == 0)
            {
                return FaultReason.Protection;
            }

            wanted |= TablePte.Dirty;
        }

        unmarked = (entry & wanted) == wanted ? default : at;
        translation = TablePte.Translation(entry | (wanted & TablePte.Dirty));
        return FaultReason.None;
    }
}
