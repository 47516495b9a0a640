using BsdVm.Arm;

namespace BsdVm.Judge;

/// <summary>Short descriptors that no pmap makes: all kinds, domains, rights and registers.</summary>
internal sealed class ArmRandomTables(Random random, PhysicalMemory memory, RandomFrames frames)
{
    private const int FirstEntries = 12;
    private const int SecondEntries = 5;

    private readonly List<ulong> _regions = [];

    /// <summary>Makes one or two first-level tables, and the registers that go with them.</summary>
    public ArmRegisters Make()
    {
        int n = random.Next(3);
        uint lower = MakeFirst();
        uint upper = n > 0 ? MakeFirst() : 0;
        bool isFlagged = random.Next(2) == 0;
        uint domains = ArmEmulator.StubClient;
        for (int domain = 0; domain < ArmEmulator.StubDomain; domain++)
        {
            domains |= (random.Next(8) switch { 0 => 0U, 1 => 2U, 2 when !isFlagged => 3U, _ => 1U }) << (2 * domain);
        }

        return new()
        {
            Ttbr0 = lower,
            Ttbr1 = upper,
            Ttbcr = (uint)n | (n > 0 && random.Next(6) == 0 ? 1U << 4 : 0),
            Dacr = domains,
            Afe = isFlagged,
            Tre = random.Next(2) == 0,
        };
    }

    /// <summary>An access, mostly by entries that were written.</summary>
    public Access Draw()
    {
        ulong address = _regions[random.Next(_regions.Count)] | (ulong)random.NextInt64(
            random.Next(3) == 0 ? 1 << 20 : (int)PageSize.BaseBytes);
        address ^= random.Next(10) == 0 ? (ulong)random.Next(1 << 20) * PageSize.BaseBytes : 0;
        return Access.In(
            address >= ArmEmulator.StubStart ? address & 0x0FFF_FFFF : address, (AccessKind)random.Next(3), (PrivilegeMode)random.Next(2));
    }

    private uint MakeFirst()
    {
        Assert.True(frames.TryAllocate(4, 4, new(1 << 20), out PageFrameNumber table));
        for (ulong frame = 0; frame < 4; frame++)
        {
            memory.ZeroFrame(new(table.Value + frame));
        }

        for (int count = 0; count < FirstEntries; count++)
        {
            int index = random.Next(4095);
            _regions.Add((ulong)index << 20);
            memory.Write32(table.Address + ((ulong)index * 4), First((ulong)index << 20).Encode());
        }

        return (uint)table.Address.Value;
    }

    private ArmDescriptor First(ulong region)
    {
        var descriptor = new ArmDescriptor
        {
            Domain = random.Next(ArmEmulator.StubDomain),
            PrivilegedExecuteNever = random.Next(4) == 0,
            ImplementationDefined = random.Next(2) == 0,
        };
        return random.Next(8) switch
        {
            0 => default,
            1 or 2 => descriptor with
            {
                Kind = ArmDescriptorKind.Section,
                Base = (ulong)random.Next(16, 0xFFF) << 20,
                Attributes = Attributes(),
            },
            3 => descriptor with
            {
                Kind = ArmDescriptorKind.Supersection,
                Base = (ulong)random.Next(1, 0xFF) << 24,
                Domain = 0,
                Attributes = Attributes(),
            },
            _ => descriptor with { Kind = ArmDescriptorKind.Table, Base = MakeSecond(region) },
        };
    }

    private ulong MakeSecond(ulong region)
    {
        Assert.True(frames.TryAllocate(1, 1, new(1 << 20), out PageFrameNumber frame));
        memory.ZeroFrame(frame);
        PhysicalAddress table = frame.Address + ((ulong)random.Next(4) * 1024);
        for (int count = 0; count < SecondEntries; count++)
        {
            int index = random.Next(256);
            _regions.Add(region | ((ulong)index * PageSize.BaseBytes));
            memory.Write32(table + ((ulong)index * 4), Second().Encode());
        }

        return table.Value;
    }

    private ArmDescriptor Second() => random.Next(8) switch
    {
        0 => default,
        1 or 2 => new() { Kind = ArmDescriptorKind.LargePage, Base = (ulong)random.Next(0x100, 0xFFF0) << 16, Attributes = Attributes() },
        _ => new()
        {
            Kind = ArmDescriptorKind.SmallPage,
            Base = new PageFrameNumber((ulong)random.Next((int)RandomFrames.Limit, 0xFFF00)).Address.Value,
            Attributes = Attributes(),
        },
    };

    private ArmAttributes Attributes() => new()
    {
        AccessPermissions = random.Next(8) | (random.Next(2) == 0 ? 1 : 0),
        TypeExtension = random.Next(8),
        Cacheable = random.Next(2) == 0,
        Bufferable = random.Next(2) == 0,
        Shareable = random.Next(2) == 0,
        NotGlobal = random.Next(2) == 0,
        ExecuteNever = random.Next(4) == 0,
    };
}
