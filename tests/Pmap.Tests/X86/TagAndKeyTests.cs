using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>PCIDs, global pages and protection keys on x86-64.</summary>
public class TagAndKeyTests
{
    private readonly Machine _machine = new(1024, 1, TlbSpecification.Default, X86Backends.FourLevel.CreateMmu);
    private readonly PmapSystem _system;

    public TagAndKeyTests() => _system = new(_machine, X86Backends.FourLevel, new Frames(1024));

    private Cpu Cpu => _machine.Cpus[0];

    private X86Mmu<X86FourLevel> Mmu => (X86Mmu<X86FourLevel>)Cpu.Mmu;

    [Fact]
    public void ALoadUnderAnotherPcidKeepsWhatTheTlbsHold()
    {
        Pmap[] pmaps = [NewPmap(), NewPmap()];
        for (int i = 0; i < 2; i++)
        {
            pmaps[i].Enter(new(0x5000), new(500 + (ulong)i), Protection.Read, AccessKind.Read, wired: false);
        }

        for (int round = 0; round < 6; round++)
        {
            _system.Activate(pmaps[round & 1], Cpu);
            Assert.True(Cpu.Access(new(0x5000), AccessKind.Read, out PhysicalAddress physical));
            Assert.Equal(500UL + (ulong)(round & 1), physical.Frame.Value);
        }

        Assert.Equal((2L, 2), (Cpu.Mmu.Walks.Walks, pmaps.Select(pmap => pmap.Tag).Distinct().Count()));
        Assert.Equal(pmaps[1].Tag, Cpu.Mmu.Tag);
        Assert.Equal((ulong)pmaps[1].Tag, Mmu.Cr3 & 0xFFF);
        Assert.Equal(Mmu.Cr3 & ~0xFFFUL, pmaps[1].DescribeRoot()!.Registers.Single(register => register.Key == "cr3").Value);
    }

    [Fact]
    public void PcidsRunOutAndNobodySeesAnothersPages()
    {
        Pmap first = NewPmap();
        first.Enter(new(0x5000), new(500), Protection.Read, AccessKind.Read, wired: false);
        _system.Activate(first, Cpu);
        Assert.True(Cpu.Access(new(0x5000), AccessKind.Read, out _));
        for (int i = 0; i < 4100; i++)
        {
            Pmap other = NewPmap();
            _system.Activate(other, Cpu);
            Assert.False(Cpu.Access(new(0x5000), AccessKind.Read, out _));
            _system.Destroy(other);
        }

        Assert.Equal(1, _system.Counters.TagGenerations);
    }

    [Fact]
    public void Cr3TellsThePcidOnlyWithPcide()
    {
        Mmu.Cr3 = 0x1234 | X86Registers.NoFlush;
        Assert.Equal((0x1234UL, 0x234u), (Mmu.Cr3, Mmu.Tag));
        Mmu.Registers = Mmu.Registers with { Pcide = false };
        Assert.Equal(0u, Mmu.Tag);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GlobalPagesAreSeenUnderEveryPcidIfPgeIsSet(bool pge)
    {
        Pmap[] pmaps = [NewPmap(), NewPmap()];
        Mmu.Registers = Mmu.Registers with { Pge = pge };
        var pmap = (X86Pmap<X86FourLevel>)pmaps[0];
        Assert.True(pmap.TryEnterLarge(new(0x40000000), new(0x40000000), X86EntryFlags.User | X86EntryFlags.Global, level: 3));
        _system.Activate(pmaps[0], Cpu);
        Assert.True(Cpu.Access(new(0x40001000), AccessKind.Read, out _));
        Assert.Equal(30, Mmu.LastPageShift);
        _system.Activate(pmaps[1], Cpu);
        Assert.Equal(pge, Cpu.Access(new(0x40001000), AccessKind.Read, out _));
    }

    [Fact]
    public void LargePagesOfBothSizesEndInTheSizeOfTheirLevel()
    {
        var pmap = (X86Pmap<X86FourLevel>)NewPmap();
        _system.Activate(pmap, Cpu);
        Assert.True(pmap.TryEnterLarge(new(0x40000000), new(0x80000000), X86EntryFlags.User, level: 3));
        Assert.True(pmap.TryEnterLarge(new(0x80200000), new(0x600000), X86EntryFlags.User));
        pmap.Enter(new(0x80400000), new(7), Protection.Read, AccessKind.Read, wired: false);
        foreach ((ulong va, ulong pa, int shift, int references) in new[]
            {
                (0x6789A123UL, 0xA789A123UL, 30, 2), (0x80312345UL, 0x712345UL, 21, 3), (0x80400123UL, 0x7123UL, 12, 4),
                (0x6789B123UL, 0xA789B123UL, 30, 2),
            })
        {
            Assert.True(Cpu.Access(new(va), AccessKind.Read, out PhysicalAddress physical));
            Assert.Equal((pa, shift, references), (physical.Value, Mmu.LastPageShift, Mmu.Walks.LastReferences));
        }

        Assert.Throws<ArgumentException>(() => pmap.TryEnterLarge(new(0x40200000), new(0), X86EntryFlags.User));
        Assert.Throws<ArgumentException>(() => pmap.TryEnterLarge(new(0x80000000), new(0), X86EntryFlags.User, level: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => pmap.TryEnterLarge(new(0), new(0), X86EntryFlags.User, level: 4));
        pmap.RemoveLarge(new(0x40000000), level: 3);
        _system.Update();
        Assert.False(Cpu.Access(new(0x6789A123), AccessKind.Read, out _));
    }

    // Source: Intel SDM volume 3, protection keys: user pages only, data accesses only; WD binds the supervisor if CR0.WP=1.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void KeysRefuseWhatTheManualSays(bool wp)
    {
        var memory = new PhysicalMemory(16);
        var mmu = new X86Mmu<X86FourLevel>(memory) { Registers = new() { Cr3 = 0x1000, Wp = wp, Pkru = 0b10_01_00_00 } };
        for (ulong level = 0; level < 3; level++)
        {
            memory.Write64(new(0x1000 * (level + 1)), (0x1000 * (level + 2)) | 7);
        }

        for (ulong page = 0; page < 8; page++)
        {
            ulong key = page & 3;
            memory.Write64(new(0x4000 + (page * 8)), 0x9000 | (key << 59) | (page < 4 ? 7UL : 3UL));
        }

        for (ulong page = 0; page < 8; page++)
        {
            foreach (AccessKind access in Enum.GetValues<AccessKind>())
            {
                foreach (PrivilegeMode mode in Enum.GetValues<PrivilegeMode>())
                {
                    bool user = mode == PrivilegeMode.User;
                    bool byKey = page < 4 && access != AccessKind.Execute
                        && (page == 2 || (page == 3 && access == AccessKind.Write && (user || wp)));
                    bool allowed = !byKey && (!user || page < 4);
                    Assert.Equal(allowed, mmu.TryWalk(new PageNumber(page).Address, access, mode, out _, out MachineFault fault));
                    Assert.Equal(byKey, (fault.Code & (uint)X86ErrorCode.ProtectionKey) != 0);
                }
            }
        }
    }

    private Pmap NewPmap()
    {
        Assert.True(_system.TryCreate(out Pmap? pmap));
        return pmap;
    }
}
