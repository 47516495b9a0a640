namespace BsdVm.Tests.Walkthrough;

/// <summary>Walks both levels, and sets accessed and dirty in the entry of an access that goes through.</summary>
public sealed class ToyMmu(PhysicalMemory memory) : Mmu
{
    private PhysicalAddress _place;
    private int _loads;
    public PhysicalAddress? Root { get; set; }

    public override bool TryWalk(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        bool passes = TryProbe(address, access, mode, out translation, out fault);
        Walks.Count(_loads);
        if (passes)
        {
            memory.Write64(_place, memory.Read64(_place) | (access == AccessKind.Write ? 0x60UL : 0x20UL));
        }
        return passes;
    }

    public override bool TryProbe(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        ulong entry = Find(address.Value);
        PmapMapping page = ToyFormat.DecodePage(address, entry);
        bool passes = page.Rights.Allows(access);
        TlbFlags flags = TlbFlags.Valid | (access == AccessKind.Write || page.Flags.HasFlag(PmapFlags.Modified) ? TlbFlags.Dirty : 0)
            | TlbFlagsExtensions.Rights(page.Rights, PrivilegeMode.User) | TlbFlagsExtensions.Rights(page.Rights, PrivilegeMode.Supervisor);
        translation = passes ? page.Frame.Address.Value | (ulong)flags : 0;
        fault = passes ? default : new(address, access, mode, entry == 0 ? FaultReason.NotPresent : FaultReason.Protection, 0);
        return passes;
    }

    private ulong Find(ulong address)
    {
        _loads = Root is null || address >> 32 != 0 ? 0 : 1;
        ulong directory = _loads == 0 ? 0 : memory.Read64(Root!.Value + (address >> 21 << 3));
        bool isTable = ToyFormat.IsTable(directory, 2);
        _loads += isTable ? 1 : 0;
        _place = ToyFormat.TableOf(directory, 2) + ((address >> 12 & 511) << 3);
        return isTable ? memory.Read64(_place) : 0;
    }
}
