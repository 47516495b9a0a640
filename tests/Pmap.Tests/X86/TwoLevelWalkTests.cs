using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>The manual's tables and the worked numbers of textbooks, on tables written by hand.</summary>
public class TwoLevelWalkTests
{
    private const ulong Directory = 0x1000;
    private const ulong Table = 0x3000;
    private readonly PhysicalMemory _memory = new(16);
    private readonly X86Mmu<X86TwoLevel> _mmu;

    public TwoLevelWalkTests() =>
        _mmu = new(_memory) { Registers = new() { Cr3 = Directory, Wp = true } };

    public static TheoryData<int, int, int, bool> RightsOfTwoLevels()
    {
        var data = new TheoryData<int, int, int, bool>();
        for (int pde = 0; pde < 4; pde++)
        {
            for (int pte = 0; pte < 4; pte++)
            {
                for (int access = 0; access < 3; access++)
                {
                    data.Add(pde, pte, access, false);
                    data.Add(pde, pte, access, true);
                }
            }
        }

        return data;
    }

    // T7, T8, T9: R/W is bit 0 of the small numbers, U/S is bit 1.
    [Theory]
    [MemberData(nameof(RightsOfTwoLevels))]
    public void RightsAreTheAndOfBothLevels(int pde, int pte, int access, bool wp)
    {
        _mmu.Registers = _mmu.Registers with { Wp = wp };
        Put(Directory, 0, Table | (uint)(pde << 1) | 1);
        Put(Table, 5, 0x7000 | (uint)(pte << 1) | 1);
        bool isWrite = access == (int)AccessKind.Write;
        bool writable = (pde & pte & 1) != 0;
        bool user = (pde & pte & 2) != 0;

        Assert.Equal(user && (!isWrite || writable), Walk(0x5123, (AccessKind)access, PrivilegeMode.User, out _, out _));
        Assert.Equal(!isWrite || writable || !wp, Walk(0x5123, (AccessKind)access, PrivilegeMode.Supervisor, out _, out _));
    }

    [Fact]
    public void AccessedIsSetInEveryEntryAndDirtyInTheLast()
    {
        Put(Directory, 0, Table | 7);
        Put(Table, 5, 0x7007);

        Assert.True(Walk(0x5000, AccessKind.Read, PrivilegeMode.User, out _, out _));
        Assert.Equal(((uint)Table | 0x27, 0x7027u), (Get(Directory, 0), Get(Table, 5)));

        Assert.True(Walk(0x5000, AccessKind.Write, PrivilegeMode.User, out _, out _));
        Assert.Equal(((uint)Table | 0x27, 0x7067u), (Get(Directory, 0), Get(Table, 5)));
    }

    [Fact]
    public void ARefusedAccessSetsNothing()
    {
        Put(Directory, 0, Table | 7);
        Put(Table, 5, 0x7005);

        Assert.False(Walk(0x5000, AccessKind.Write, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal(((uint)Table | 7, 0x7005u), (Get(Directory, 0), Get(Table, 5)));
        Assert.Equal((uint)(X86ErrorCode.Present | X86ErrorCode.Write | X86ErrorCode.User), fault.Code);
    }

    [Fact]
    public void AProbeChangesAndCountsNothing()
    {
        Put(Directory, 0, Table | 7);
        Put(Table, 5, 0x7007);

        Assert.True(_mmu.TryProbe(new(0x5000), AccessKind.Write, PrivilegeMode.User, out ulong translation, out _));
        Assert.Equal(0x7000UL, translation & ~0xFFFUL);
        Assert.Equal(((uint)Table | 7, 0x7007u, 0L), (Get(Directory, 0), Get(Table, 5), _mmu.Walks.Walks));
    }

    // T13.
    [Theory]
    [InlineData(0u, AccessKind.Read, PrivilegeMode.Supervisor, 0u)]
    [InlineData(0u, AccessKind.Write, PrivilegeMode.Supervisor, 2u)]
    [InlineData(0u, AccessKind.Write, PrivilegeMode.User, 6u)]
    [InlineData(0u, AccessKind.Execute, PrivilegeMode.User, 4u)]
    [InlineData(0x7001u, AccessKind.Read, PrivilegeMode.User, 5u)]
    [InlineData(0x7001u, AccessKind.Execute, PrivilegeMode.User, 5u)]
    [InlineData(0x7001u, AccessKind.Write, PrivilegeMode.Supervisor, 3u)]
    [InlineData(0xFFFFFFFEu, AccessKind.Read, PrivilegeMode.User, 4u)]
    public void ErrorCodes(uint pte, AccessKind access, PrivilegeMode mode, uint code)
    {
        Put(Directory, 0, Table | 7);
        Put(Table, 5, pte);

        Assert.False(Walk(0x5678, access, mode, out _, out MachineFault fault));
        Assert.Equal((code, 0x5678UL), (fault.Code, fault.Address.Value));
    }

    [Fact]
    public void ALargePageTakesOneReferenceAndReachesAboveFourGigabytes()
    {
        Put(Directory, 3, 0x0054A087);

        Assert.True(Walk(0x00C12345, AccessKind.Write, PrivilegeMode.User, out ulong physical, out _));
        Assert.Equal(0xA5_0041_2345UL, physical);
        Assert.Equal(1, _mmu.Walks.References);
        Assert.Equal(0x0054A0E7u, Get(Directory, 3));
    }

    [Fact]
    public void AReservedBitFaultsOnlyWherePsIsInForce()
    {
        Put(Directory, 0, Table | 0x80 | 7 | 0x200000);
        Assert.False(Walk(0x5000, AccessKind.Read, PrivilegeMode.Supervisor, out _, out MachineFault fault));
        Assert.Equal((FaultReason.ReservedBit, 9u), (fault.Reason, fault.Code));

        _mmu.Registers = _mmu.Registers with { Pse = false };
        // The PDE now leads to a table beyond the memory, where the bus gives all ones.
        Assert.True(Walk(0x5000, AccessKind.Read, PrivilegeMode.Supervisor, out ulong physical, out _));
        Assert.Equal(0xFFFFF000UL, physical);
    }

    [Fact]
    public void AddressesOfMoreThan32BitsAreNotTranslated()
    {
        Assert.False(Walk(1UL << 32, AccessKind.Read, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal((FaultReason.AddressRange, 0L), (fault.Reason, _mmu.Walks.Walks));
    }

    // Page 7 in frame 2: the offset is kept.
    [Fact]
    public void PageSevenInFrameTwo()
    {
        Put(Directory, 0, Table | 7);
        Put(Table, 7, 0x2007);

        Assert.True(Walk(0x00007468, AccessKind.Read, PrivilegeMode.User, out ulong physical, out _));
        Assert.Equal(0x2468UL, physical);
    }

    // Three memory references for one load without a TLB: PDE, PTE, and the datum.
    [Fact]
    public void TheStepsOfOneWalk()
    {
        Put(Directory, 0, Table | 7);
        Put(Table, 0x100, 0x01237005);

        WalkExplanation walk = _mmu.Explain(new(0x00100ABC), AccessKind.Read, PrivilegeMode.User);

        Assert.True(walk.Succeeds);
        Assert.Equal(0x01237ABCUL, walk.Physical.Value);
        Assert.Equal("PDE index 0x0, PTE index 0x100, offset 0xabc", walk.Split);
        Assert.Equal(
        [
            new WalkStep("PDE", new(Directory), 0, new(Directory), 0x3007, 4, "P R/W U page table at 0x3000"),
            new WalkStep("PTE", new(Table), 0x100, new(0x3400), 0x01237005, 4, "P R U 4KB page 0x1237000"),
        ], walk.Steps.AsEnumerable());
        Assert.Equal("physical address 0x1237abc, user r-x, supervisor r-x", walk.Conclusion);
        Assert.Equal(3, walk.Steps.Length + 1);
    }

    [Fact]
    public void TheStepsOfAFault()
    {
        Put(Directory, 0, Table | 7);

        WalkExplanation walk = _mmu.Explain(new(0x5ABC), AccessKind.Write, PrivilegeMode.User);

        Assert.False(walk.Succeeds);
        Assert.Equal(["P R/W U page table at 0x3000", "P=0"], walk.Steps.Select(step => step.Meaning));
        Assert.Equal("#PF: NotPresent, CR2 = 0x5abc, error code 0x6 (W U)", walk.Conclusion);
    }

    [Fact]
    public void TablesAreListedFromTheRoot()
    {
        Put(Directory, 1, Table | 7);
        Put(Directory, 3, 0x00400087);
        Put(Table, 0x100, 0x7067);

        TranslationTable[] tables = [.. _mmu.Tables()];

        Assert.Equal(["page directory", "page table"], tables.Select(table => table.Name));
        Assert.Equal([1, 3], tables[0].Entries.Select(entry => entry.Index));
        Assert.Equal("P R/W U PS 4MB page 0x400000", tables[0].Entries[1].Meaning);
        Assert.Equal(new AddressRange(new(0x400000), 0x400000), tables[1].Covers);
        Assert.Equal(
            (0x100, 0x500000UL, 0x7067UL), (tables[1].Entries[0].Index, tables[1].Entries[0].First.Value, tables[1].Entries[0].Entry));
    }

    private bool Walk(ulong address, AccessKind access, PrivilegeMode mode, out ulong physical, out MachineFault fault)
    {
        bool done = _mmu.TryWalk(new(address), access, mode, out ulong translation, out fault);
        physical = (translation & ~0xFFFUL) | (address & 0xFFF);
        return done;
    }

    private void Put(ulong table, uint index, ulong entry) => _memory.Write32(new(table + (index * 4)), (uint)entry);

    private uint Get(ulong table, uint index) => _memory.Read32(new(table + (index * 4)));
}
