using BsdVm.Conformance;
using FsCheck;

namespace BsdVm.Tests.Tlbs;

/// <summary>The access path over the TLBs: what is walked, what is counted, what a kernel that invalidates does to the counts.</summary>
public class CpuTlbTests
{
    [Fact]
    public void AHitWalksNotAndAFirstLevelMissFillsFromTheSecond()
    {
        (Cpu cpu, FlatMmu mmu) = Make("l1=2x2,l2=8x8");
        Touch(cpu, 1, 2, 3, 1, 1);

        Assert.Equal((3, 4L, 3L), (mmu.WalkCount, cpu.Counters.DataMisses, cpu.Counters.SecondLevelMisses));
        Assert.True(cpu.Access(new(0x1234), AccessKind.Execute, out PhysicalAddress physical));
        Assert.Equal((0x1234UL + FlatMmu.Offset, 3, 1L), (physical.Value, mmu.WalkCount, cpu.Counters.InstructionMisses));
    }

    [Fact]
    public void AStoreThroughACleanTranslationWalksAgainOnce()
    {
        (Cpu cpu, FlatMmu mmu) = Make("l1=2x2,l2=8x8");
        Touch(cpu, 1);
        cpu.Access(new(0x1000), AccessKind.Write, out _);
        cpu.Access(new(0x1000), AccessKind.Write, out _);

        Assert.Equal((2, 1L, 1L), (mmu.WalkCount, cpu.Counters.RightsRewalks, cpu.Counters.DataMisses));
    }

    [Fact]
    public void AFaultRestartsAndCountsAsOneMiss()
    {
        (Cpu cpu, FlatMmu mmu) = Make("l1=2x2,l2=8x8");
        mmu.Absent.Add(new(5));
        cpu.TrapHandler = new Kernel(fault => mmu.Absent.Remove(fault.Address.Page));
        Touch(cpu, 5);

        Assert.Equal(
            (1L, 1L, 1L, 1L), (cpu.Counters.Faults, cpu.Counters.Restarts, cpu.Counters.DataMisses, cpu.Counters.SecondLevelMisses));
        Assert.Equal(2, mmu.WalkCount);
    }

    [Fact]
    public void AnAbandonedAccessLeavesTheFault()
    {
        (Cpu cpu, FlatMmu mmu) = Make("l1=2x2,l2=8x8");
        mmu.Absent.Add(new(5));
        cpu.TrapHandler = new Kernel(_ => false);

        Assert.False(cpu.Access(new(0x5010), AccessKind.Write, out _));
        Assert.Equal((0x5010UL, FaultReason.NotPresent), (cpu.LastFault.Address.Value, cpu.LastFault.Reason));
        Assert.Empty(cpu.Tlb.Entries);
    }

    // As a copy-on-write fault does: invalidate, enter anew, restart. The page keeps its place in the FIFO of both levels.
    [Property(10, Arbitrary = [typeof(StoreStep)])]
    public void InvalidationBeforeARestartChangesNoLaterCount(Steps<StoreStep> steps)
    {
        string[] texts =
        [
            "l1=4x4,l2=8x8,policy=fifo", "l1=20x20,l2=40x40,policy=fifo", "l1=4x4,l2=8x8,policy=lru", "l1=20x20,l2=40x20,policy=lru",
        ];
        Assert.All(texts, text => CompareCounts(text, steps));
    }

    private static void CompareCounts(string text, Steps<StoreStep> steps)
    {
        (Cpu plain, FlatMmu _) = Make(text);
        (Cpu faulting, FlatMmu mmu) = Make(text);
        mmu.ReadOnly = true;
        faulting.TrapHandler = new Kernel(fault =>
        {
            mmu.ReadOnly = false;
            faulting.Tlb.InvalidatePage(fault.Address.Value, 0);
            return true;
        });
        foreach (StoreStep step in steps.Items)
        {
            // The clean translations of the plain one would walk again: it stores only.
            VirtualAddress address = new PageNumber(step.Page).Address;
            plain.Access(address, AccessKind.Write, out _);
            mmu.ReadOnly = step.IsReadOnly;
            faulting.Access(address, step.Access, out _);
        }

        // One access in twenty or more, once the first ones are over.
        Assert.True(steps.Items.Length < 200 || faulting.Counters.Faults > steps.Items.Length / 40);
        Assert.Equal(
            (plain.Counters.DataMisses, plain.Counters.SecondLevelMisses),
            (faulting.Counters.DataMisses, faulting.Counters.SecondLevelMisses));
    }

    private static (Cpu Cpu, FlatMmu Mmu) Make(string text)
    {
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        var memory = new PhysicalMemory(1);
        var mmu = new FlatMmu();
        return (new Cpu(0, mmu, memory, specification), mmu);
    }

    private static void Touch(Cpu cpu, params ulong[] pages)
    {
        foreach (ulong page in pages)
        {
            Assert.True(cpu.Access(new PageNumber(page).Address, AccessKind.Read, out _));
        }
    }

    private sealed class Kernel(Func<MachineFault, bool> mend) : ITrapHandler
    {
        public TrapDisposition HandleFault(Cpu cpu, in MachineFault fault) =>
            mend(fault) ? TrapDisposition.Restart : TrapDisposition.Abandon;
    }

    /// <summary>Every page at a fixed distance, but for those that are absent.</summary>
    private sealed class FlatMmu : Mmu
    {
        public const ulong Offset = 0x100000;

        public HashSet<PageNumber> Absent { get; } = [];

        public bool ReadOnly { get; set; }

        public int WalkCount { get; private set; }

        public override bool TryWalk(
            VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
        {
            WalkCount++;
            return TryProbe(address, access, mode, out translation, out fault);
        }

        public override bool TryProbe(
            VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
        {
            Protection rights = ReadOnly ? Protection.ReadExecute : Protection.All;
            bool absent = Absent.Contains(address.Page);
            bool allowed = !absent && rights.Allows(access);
            TlbFlags flags = TlbFlags.Valid | TlbFlagsExtensions.Rights(rights, PrivilegeMode.User);
            flags |= access == AccessKind.Write ? TlbFlags.Dirty : TlbFlags.None;
            translation = allowed ? (address.Page.Address.Value + Offset) | (ulong)flags : 0;
            fault = allowed ? default : new(address, access, mode, absent ? FaultReason.NotPresent : FaultReason.Protection, 0);
            return allowed;
        }
    }
}

/// <summary>One access by a processor whose page may have become read-only before it.</summary>
public readonly record struct StoreStep(ulong Page, bool IsReadOnly, AccessKind Access)
{
    public static Arbitrary<Steps<StoreStep>> Arbitrary => Steps.Drawn<StoreStep>(
        static random => new((ulong)random.Next(60), random.Next(3) == 0, random.Next(2) == 0 ? AccessKind.Read : AccessKind.Write), 4000);
}
