using BsdVm.X86;

namespace BsdVm.Tests.X86;

public class FourLevelWalkTests
{
    private const ulong NoFetch = 1UL << 63;
    private const ulong Va = 0x0000_7F81_4060_5678;
    private static readonly ulong[] Tables = [0x1000, 0x2000, 0x3000, 0x4000];
    private static readonly ulong[] Indexes = [0xFF, 0x005, 0x003, 0x005];
    private readonly PhysicalMemory _memory = new(16);
    private readonly X86Mmu<X86FourLevel> _mmu;

    public FourLevelWalkTests()
    {
        _mmu = new(_memory) { Registers = new() { Cr3 = Tables[0], PhysicalAddressBits = 40 } };
        for (int i = 0; i < 3; i++)
        {
            Put(i, Tables[i + 1] | 7);
        }

        Put(3, 0x9007);
    }

    [Fact]
    public void FourReferencesToOnePage()
    {
        Assert.True(Walk(Va, AccessKind.Read, PrivilegeMode.User, out ulong physical, out _));
        Assert.Equal((0x9678UL, 4L), (physical, _mmu.Walks.References));
        Assert.Equal([0x2027UL, 0x3027UL, 0x4027UL, 0x9027UL], Enumerable.Range(0, 4).Select(Get));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ExecuteDisableAtAnyLevelRefusesFetchesOfBothModes(int level)
    {
        Put(level, Get(level) | NoFetch);

        Assert.False(Walk(Va, AccessKind.Execute, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal(0x15u, fault.Code);
        Assert.False(Walk(Va, AccessKind.Execute, PrivilegeMode.Supervisor, out _, out fault));
        Assert.Equal(0x11u, fault.Code);
        Assert.True(Walk(Va, AccessKind.Read, PrivilegeMode.User, out _, out _));

        _mmu.Registers = _mmu.Registers with { Nxe = false };
        Assert.False(Walk(Va, AccessKind.Read, PrivilegeMode.User, out _, out fault));
        Assert.Equal((FaultReason.ReservedBit, 0xDu), (fault.Reason, fault.Code));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void AMissingRightAtAnyLevelIsMissing(int level, int bit)
    {
        Put(level, Get(level) & ~(1UL << bit));

        Assert.Equal(bit == 1, Walk(Va, AccessKind.Read, PrivilegeMode.User, out _, out _));
        Assert.False(Walk(Va, AccessKind.Write, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal(7u, fault.Code);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(1, 51)]
    [InlineData(2, 45)]
    [InlineData(3, 40)]
    [InlineData(0, 7)]
    public void ReservedBitsFaultBeforeWhatLiesBelow(int level, int bit)
    {
        Put(level, Get(level) | (1UL << bit));

        Assert.False(Walk(Va, AccessKind.Write, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal((FaultReason.ReservedBit, 0xFu, (long)level + 1), (fault.Reason, fault.Code, _mmu.Walks.References));
    }

    [Theory]
    [InlineData(2, 0x00A0_0000UL | 0x87, 0x00A0_5678UL, 3)]
    [InlineData(1, 0x4000_0000UL | 0x87, 0x4060_5678UL, 2)]
    public void LargePagesEndTheWalkEarly(int level, ulong entry, ulong expected, int references)
    {
        Put(level, entry);

        Assert.True(Walk(Va, AccessKind.Write, PrivilegeMode.User, out ulong physical, out _));
        Assert.Equal((expected, references, entry | 0x60), (physical, (int)_mmu.Walks.References, Get(level)));
        Assert.Equal(0x9007UL, Get(3));
    }

    [Theory]
    [InlineData(0x0000_8000_0000_0000UL)]
    [InlineData(0xFFFF_7FFF_FFFF_FFFFUL)]
    [InlineData(0x8000_0000_0000_0000UL)]
    public void AddressesThatAreNotCanonicalAreRefusedBeforeAnyWalk(ulong address)
    {
        Assert.False(Walk(address, AccessKind.Read, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal((FaultReason.AddressRange, 0L), (fault.Reason, _mmu.Walks.Walks));
        Assert.Contains("#GP(0)", _mmu.Explain(new(address), AccessKind.Read, PrivilegeMode.User).Conclusion, StringComparison.Ordinal);
    }

    [Fact]
    public void ExecuteOnlyMemoryIsAProtectionKey()
    {
        Put(3, X86FourLevel.EncodePage(new(9), Protection.Execute, PmapFlags.None));

        Assert.True(Walk(Va, AccessKind.Execute, PrivilegeMode.User, out _, out _));
        Assert.False(Walk(Va, AccessKind.Read, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal((uint)(X86ErrorCode.Present | X86ErrorCode.User | X86ErrorCode.ProtectionKey), fault.Code);

        // The key binds the kernel, too, on pages of programs; without CR4.PKE it means nothing.
        Assert.False(Walk(Va, AccessKind.Read, PrivilegeMode.Supervisor, out _, out _));
        _mmu.Registers = _mmu.Registers with { Pke = false };
        Assert.True(Walk(Va, AccessKind.Read, PrivilegeMode.User, out _, out _));
    }

    [Fact]
    public void WriteDisableOfAKeyBindsTheKernelOnlyWithWp()
    {
        Put(3, 0x9007 | (5UL << 59));
        _mmu.Registers = _mmu.Registers with { Pkru = 2u << 10 };

        Assert.True(Walk(Va, AccessKind.Read, PrivilegeMode.User, out _, out _));
        Assert.False(Walk(Va, AccessKind.Write, PrivilegeMode.User, out _, out MachineFault fault));
        Assert.Equal(0x27u, fault.Code);
        Assert.False(Walk(Va, AccessKind.Write, PrivilegeMode.Supervisor, out _, out _));
        _mmu.Registers = _mmu.Registers with { Wp = false };
        Assert.True(Walk(Va, AccessKind.Write, PrivilegeMode.Supervisor, out _, out _));
    }

    private bool Walk(ulong address, AccessKind access, PrivilegeMode mode, out ulong physical, out MachineFault fault)
    {
        bool done = _mmu.TryWalk(new(address), access, mode, out ulong translation, out fault);
        physical = (translation & ~0xFFFUL) | (address & 0xFFF);
        return done;
    }

    private void Put(int step, ulong entry) => _memory.Write64(new(Tables[step] + (Indexes[step] * 8)), entry);

    private ulong Get(int step) => _memory.Read64(new(Tables[step] + (Indexes[step] * 8)));
}
