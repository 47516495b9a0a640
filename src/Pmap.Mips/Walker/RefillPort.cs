using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Mips;

/// <summary>The port of a refill handler: it counts, and its loads from tables in virtual space go through the joint TLB.</summary>
internal readonly struct RefillPort(PhysicalMemory memory, WalkTrail trail, R4000Mmu mmu) : IWalkPort
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read64(PhysicalAddress address)
    {
        trail.Step(address.Value);
        return memory.Read64(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadAside64(PhysicalAddress address)
    {
        trail.Probe(address.Value);
        return memory.Read64(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadBeside64(PhysicalAddress address, PhysicalAddress entry)
    {
        trail.Beside(address.Value, entry.Value);
        return memory.Read64(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadRegister64(PhysicalAddress address) => memory.Read64(address);

    public bool TryTranslateTable(ulong address, out PhysicalAddress physical)
    {
        physical = default;
        int index = mmu.Tlb.Find(R4000Mmu.TableRegion | address, mmu.Tag);
        ulong half = index < 0 ? 0 : R4000Tlb.HalfOf(in mmu.Tlb.Entry(index), address);
        physical = MipsPte.Frame(half).Address + new VirtualAddress(address).OffsetInPage;
        return (half & MipsPte.Valid) != 0;
    }

    public void LoadTable(ulong address, PhysicalAddress even, PhysicalAddress odd)
    {
        mmu.Counters.NestedMisses++;
        mmu.WritePair(R4000Mmu.TableRegion | address, EntryLo(even), EntryLo(odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Execute(int instructions) => trail.Execute(instructions);

    private static ulong EntryLo(PhysicalAddress table) =>
        table.Value == 0 ? 0 : (table.Frame.Value << MipsPte.FrameShift) | MipsPte.Valid | MipsPte.Dirty | MipsPte.Cacheable;
}
