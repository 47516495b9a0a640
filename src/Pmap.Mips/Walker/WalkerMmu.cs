using System.Runtime.CompilerServices;

namespace BsdVm.Mips;

/// <summary>
/// A processor whose hardware walks a table, whatever its structure: the code that a refill handler would run, as a state machine. It keeps
/// referenced and modified in the entries, as hardware walkers do; rights are those of the software's bits.
/// </summary>
/// <typeparam name="TTable">The structure.</typeparam>
internal sealed class WalkerMmu<TTable>(PhysicalMemory memory, int segmentBits) : MipsMmu(memory, segmentBits)
    where TTable : struct, IRefillTable
{
    // 64 pairs of table pages: what an ordinary second-level TLB would spare for them.
    private readonly TablePageCache _tables = new(64);
    private readonly WalkTrail _trail = new();

    public override bool TryWalk(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        _trail.Begin();
        var port = new WalkerPort(Memory, _trail, _tables);
        ulong at = 0;
        FaultReason reason = IsTranslatable(address.Value)
            ? Walk(ref port, address.Value, access, out translation, out at)
            : Outside(out translation);
        Walks.Count(_trail.Cost(TTable.SharesLines));
        if (reason != FaultReason.None)
        {
            fault = Refuse(address, access, mode, reason);
            return false;
        }

        if (at != 0)
        {
            TTable.Mark(Memory, at, access == AccessKind.Write);
        }

        fault = default;
        return true;
    }

    public override bool TryProbe(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        var port = new ProbePort(Memory);
        FaultReason reason = IsTranslatable(address.Value)
            ? Walk(ref port, address.Value, access, out translation, out _)
            : Outside(out translation);
        fault = reason == FaultReason.None ? default : Refuse(address, access, mode, reason);
        return reason == FaultReason.None;
    }

    internal override void ForgetTables() => _tables.Flush();

    private protected override void SwitchSpace() => _tables.Flush();

    private static FaultReason Outside(out ulong translation)
    {
        translation = 0;
        return FaultReason.AddressRange;
    }

    // Where the entry does not record the use yet, its place is told.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FaultReason Walk<TPort>(ref TPort port, ulong address, AccessKind access, out ulong translation, out ulong unmarked)
        where TPort : struct, IRefillPort
    {
        unmarked = 0;
        translation = 0;
        TableRegisters registers = Registers;
        if (!IsLoaded || !TTable.TryWalk(ref port, in registers, address, out ulong entry, out ulong at) || (entry & MipsPte.Valid) == 0)
        {
            return FaultReason.NotPresent;
        }

        ulong wanted = MipsPte.Referenced;
        if (access == AccessKind.Write)
        {
            if ((entry & MipsPte.Writable) == 0)
            {
                return FaultReason.Protection;
            }

            wanted |= MipsPte.Dirty;
        }

        unmarked = (entry & wanted) == wanted ? 0 : at;
        translation = MipsPte.Translation(entry | (wanted & MipsPte.Dirty));
        return FaultReason.None;
    }
}
