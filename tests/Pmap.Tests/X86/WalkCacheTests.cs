using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>Walks that begin below what the walker remembers of upper levels.</summary>
public class WalkCacheTests
{
    private static readonly Protection Rights = Protection.ReadWrite;

    [Theory]
    [InlineData("x86-4level", 4)]
    [InlineData("x86-pae", 2)]
    [InlineData("x86-2level", 2)]
    public void ARepeatedWalkReadsTheLastEntryAlone(string name, int levels)
    {
        (PmapSystem system, Pmap pmap, Cpu cpu) = Make(name, [32, 4, 2]);
        pmap.Enter(new(0x10_0000), new(100), Rights, AccessKind.Write, wired: false);
        pmap.Enter(new(0x10_1000), new(101), Rights, AccessKind.Write, wired: false);
        system.Update();
        Assert.Equal((true, levels), Walk(cpu, 0x10_0000));
        Assert.Equal((true, 1), Walk(cpu, 0x10_0000));
        Assert.Equal((true, 1), Walk(cpu, 0x10_1000));
        Assert.Equal(2, cpu.Mmu.WalkCache!.Hits[0]);
    }

    [Fact]
    public void TheLowestLevelThatKnowsAnAddressIsUsed()
    {
        (PmapSystem system, Pmap pmap, Cpu cpu) = Make("x86-4level", [32, 4, 2]);
        ulong[] pages = [0x10_0000, 0x10_0000 + (1UL << 21), 0x10_0000 + (1UL << 30), 0x10_0000 + (1UL << 39)];
        for (int i = 0; i < pages.Length; i++)
        {
            pmap.Enter(new(pages[i]), new(100 + (ulong)i), Rights, AccessKind.Write, wired: false);
        }

        system.Update();
        foreach (ulong page in pages)
        {
            cpu.Mmu.TryWalk(new(page), AccessKind.Read, PrivilegeMode.User, out _, out _);
            cpu.Mmu.Invalidate(default, cpu.Mmu.Tag);
        }

        Assert.Equal((true, 4), Walk(cpu, pages[0]));
        Assert.Equal([(true, 2), (true, 3), (true, 4)], pages[1..].Select(page => Walk(cpu, page)));
        Assert.Equal([0L, 1L, 1L], cpu.Mmu.WalkCache!.Hits.ToArray());
    }

    [Fact]
    public void WhatIsInvalidatedIsWalkedFromTheRoot()
    {
        (PmapSystem system, Pmap pmap, Cpu cpu) = Make("x86-4level", [1]);
        pmap.Enter(new(0x10_0000), new(100), Rights, AccessKind.Write, wired: false);
        pmap.Enter(new(0x10_1000), new(101), Rights, AccessKind.Write, wired: false);
        system.Update();
        Walk(cpu, 0x10_0000);
        pmap.Remove(new(new(0x10_0000), PageSize.BaseBytes));
        system.Update();
        Assert.Equal((true, 4), Walk(cpu, 0x10_1000));
        Assert.Equal((false, 1), Walk(cpu, 0x10_0000));
        cpu.Flush(keepGlobal: true);
        Assert.Equal((true, 4), Walk(cpu, 0x10_1000));
    }

    [Fact]
    public void TheEntryUsedLongestAgoGoes()
    {
        var cache = new WalkCache([2], 21);
        cache.Fill(0, 0UL << 21, 1, new(0xA000, 1, 1));
        cache.Fill(0, 1UL << 21, 1, new(0xB000, 1, 1));
        Assert.Equal(0, cache.Find(5, 1, out WalkCacheEntry first));
        Assert.Equal(0xA000UL, first.Table);
        cache.Fill(0, 2UL << 21, 1, new(0xC000, 1, 1));
        Assert.Equal((-1, 0, 0), (cache.Find(1UL << 21, 1, out _), cache.Find(0, 1, out _), cache.Find(2UL << 21, 1, out _)));
        Assert.Equal(-1, cache.Find(0, 2, out _));
        cache.Drop(1);
        Assert.Equal(-1, cache.Find(0, 1, out _));
    }

    private static (bool Done, int References) Walk(Cpu cpu, ulong address)
    {
        bool done = cpu.Mmu.TryWalk(new(address), AccessKind.Read, PrivilegeMode.User, out _, out _);
        return (done, cpu.Mmu.Walks.LastReferences);
    }

    private static (PmapSystem System, Pmap Pmap, Cpu Cpu) Make(string name, int[] entries)
    {
        PmapBackend backend = X86Backends.All.Single(backend => backend.Name == name);
        var tlb = new TlbSpecification(new(4, 4), new(4, 4), default, TlbReplacement.Lru, walkCaches: [.. entries]);
        var machine = new Machine(4096, 1, tlb, backend.CreateMmu);
        var system = new PmapSystem(machine, backend, new Frames());
        Assert.True(system.TryCreate(out Pmap? pmap));
        system.Activate(pmap, machine.Cpus[0]);
        return (system, pmap, machine.Cpus[0]);
    }

    private sealed class Frames : IFrameSource
    {
        private ulong _next = 1024;

        public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
        {
            first = new((_next + (ulong)alignment - 1) / (ulong)alignment * (ulong)alignment);
            _next = first.Value + (ulong)count;
            return true;
        }

        public void Free(PageFrameNumber first, int count)
        {
        }
    }
}
