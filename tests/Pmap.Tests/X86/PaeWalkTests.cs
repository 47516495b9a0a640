using BsdVm.X86;

namespace BsdVm.Tests.X86;

public class PaeWalkTests
{
    private const ulong Cr3 = 0x1020;
    private const ulong PdpteAt = Cr3 + (2 * 8);
    private const ulong PdeAt = 0x2000 + (3 * 8);
    private const ulong PteAt = 0x3000 + (5 * 8);
    private const ulong Va = (2UL << 30) | (3UL << 21) | (5UL << 12) | 0x678;
    private readonly PhysicalMemory _memory = new(16);
    private readonly X86Mmu<X86Pae> _mmu;

    public PaeWalkTests()
    {
        _mmu = new(_memory);
        _memory.Write64(new(PdpteAt), 0x2001);
        _memory.Write64(new(PdeAt), 0x3007);
        _memory.Write64(new(PteAt), 0x9007);
        Assert.True(_mmu.TryLoad(new() { Cr3 = Cr3 + 7, PhysicalAddressBits = 40 }));
    }

    [Fact]
    public void TwoReferencesToOnePageAndNoBitInThePdpte()
    {
        Assert.True(Walk(Va, AccessKind.Write, out ulong physical, out _));
        Assert.Equal((0x9678UL, 2L, 12), (physical, _mmu.Walks.References, _mmu.LastPageShift));
        Assert.True(Walk(Va, AccessKind.Write, out _, out _));
        Assert.Equal((2, 4L), (_mmu.Walks.LastReferences, _mmu.Walks.References));
        Assert.Equal(
            (0x2001UL, 0x3027UL, 0x9067UL), (_memory.Read64(new(PdpteAt)), _memory.Read64(new(PdeAt)), _memory.Read64(new(PteAt))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneReferenceToALargePageWhateverPseSays(bool pse)
    {
        _mmu.Registers = _mmu.Registers with { Pse = pse };
        _memory.Write64(new(PdeAt), 0x5_0040_0087 | 0x1000);
        Assert.True(Walk(Va, AccessKind.Write, out ulong physical, out _));
        Assert.Equal((0x5_0040_5678UL, 1L, 21), (physical, _mmu.Walks.References, _mmu.LastPageShift));
    }

    [Fact]
    public void ThePdptesAreRegistersThatOnlyALoadChanges()
    {
        _memory.Write64(new(PdpteAt), 0);
        Assert.True(Walk(Va, AccessKind.Read, out _, out _));
        Assert.True(_mmu.TryLoadCr3(Cr3));
        Assert.False(Walk(Va, AccessKind.Read, out _, out MachineFault fault));
        Assert.Equal((FaultReason.NotPresent, 4u, 0), (fault.Reason, fault.Code, _mmu.Walks.LastReferences));
        _memory.Write64(new(PdpteAt), 0x2001);
        Assert.False(Walk(Va, AccessKind.Read, out _, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(63)]
    public void AReservedBitInAPresentPdpteFailsTheLoadAndNotTheWalk(int bit)
    {
        _memory.Write64(new(0x4008), 0x2001 | (1UL << bit));
        Assert.False(_mmu.TryLoadCr3(0x4000));
        Assert.Throws<ArgumentException>(() => _mmu.Cr3 = 0x4000);
        Assert.Equal(Cr3 + 7, _mmu.Cr3);
        Assert.True(Walk(Va, AccessKind.Read, out _, out _));

        _memory.Write64(new(0x4008), 0x2000 | (1UL << bit));
        Assert.True(_mmu.TryLoadCr3(0x4000));
    }

    [Theory]
    [InlineData(PdeAt, 40)]
    [InlineData(PteAt, 62)]
    [InlineData(PteAt, 52)]
    public void ReservedBitsOfTheOtherEntriesFaultTheWalk(ulong at, int bit)
    {
        _memory.Write64(new(at), _memory.Read64(new(at)) | (1UL << bit));
        Assert.False(Walk(Va, AccessKind.Read, out _, out MachineFault fault));
        Assert.Equal((FaultReason.ReservedBit, 0xDu), (fault.Reason, fault.Code));
    }

    [Theory]
    [InlineData(PdeAt)]
    [InlineData(PteAt)]
    public void ExecuteDisableIsReservedWithoutNxe(ulong at)
    {
        _memory.Write64(new(at), _memory.Read64(new(at)) | (1UL << 63));
        Assert.False(Walk(Va, AccessKind.Execute, out _, out MachineFault fault));
        Assert.Equal(0x15u, fault.Code);
        Assert.True(Walk(Va, AccessKind.Read, out _, out _));
        _mmu.Registers = _mmu.Registers with { Nxe = false };
        Assert.False(Walk(Va, AccessKind.Execute, out _, out fault));
        Assert.Equal(0xDu, fault.Code);
    }

    [Fact]
    public void ThereAreNoProtectionKeys()
    {
        _mmu.Registers = _mmu.Registers with { Pkru = uint.MaxValue };
        Assert.True(Walk(Va, AccessKind.Write, out _, out _));
    }

    [Fact]
    public void APictureShowsThePdpteAsARegisterAndTheTableInMemory()
    {
        WalkExplanation walk = _mmu.Explain(new(Va), AccessKind.Read, PrivilegeMode.User);
        Assert.Equal("PDPTE index 0x2, PDE index 0x3, PTE index 0x5, offset 0x678", walk.Split);
        Assert.Equal([("PDE", 3), ("PTE", 5)], walk.Steps.Select(step => (step.Level, step.Index)));
        TranslationTable pointers = _mmu.Tables()[0];
        Assert.Equal("P page directory at 0x2000", Assert.Single(pointers.Entries).Meaning);
        Assert.Equal((Cr3, 3), (pointers.Base.Value, _mmu.Tables().Length));
    }

    // Linux and FreeBSD take them so: the registers never need a reload.
    [Fact]
    public void APmapTakesItsPageDirectoriesAtOnceAndKeepsThem()
    {
        var machine = new Machine(1024, 1, TlbSpecification.Default, X86Backends.Pae.CreateMmu);
        var source = new Frames(1024);
        var system = new PmapSystem(machine, X86Backends.Pae, source);
        Assert.True(system.TryCreate(out Pmap? pmap));
        Assert.Equal(1 + 3, pmap.TableFrames);
        system.Activate(pmap, machine.Cpus[0]);
        pmap.Enter(new(0xBFFFF000), new(500), Protection.ReadWrite, null, wired: false);
        Assert.True(machine.Cpus[0].Access(new(0xBFFFF123), AccessKind.Write, out _));
        pmap.Collect();
        Assert.Equal(1 + 3, pmap.TableFrames);
        system.Destroy(pmap);
        Assert.Equal(1024, source.FreeCount);
    }

    private bool Walk(ulong address, AccessKind access, out ulong physical, out MachineFault fault)
    {
        bool done = _mmu.TryWalk(new(address), access, PrivilegeMode.User, out ulong translation, out fault);
        physical = (translation & ~0xFFFUL) | (address & 0xFFF);
        return done;
    }
}
