using BsdVm.Mips;

namespace BsdVm.Judge;

/// <summary>TLB entries of all page sizes, rights and ASIDs, no two of which match the same address.</summary>
internal sealed class MipsRandomTlb(Random random)
{
    private const int RegionShift = MipsEmulator.RegionShift;
    private const int AsidCount = 3;

    private readonly List<ulong> _pages = [];

    /// <summary>Makes them.</summary>
    public TranslationRoot Make()
    {
        bool isWide = random.Next(2) == 0;
        var entries = new TlbEntryImage[random.Next(5, MipsEmulator.EntryCount + 1)];
        var regions = new HashSet<ulong>();
        for (int index = 0; index < entries.Length; index++)
        {
            ulong region;
            do
            {
                region = Region(isWide);
            }
            while (region == MipsEmulator.StubRegion || !regions.Add(region));
            entries[index] = Entry(region);
        }

        return new("mips", [new("mode64", isWide ? 1UL : 0)], [.. entries]);
    }

    /// <summary>The ASID of the moment.</summary>
    public uint AnyAsid() => (uint)random.Next(AsidCount);

    /// <summary>An access, mostly to what entries map; some to segments that are not mapped, and to no segment.</summary>
    public Access Draw()
    {
        ulong address = _pages[random.Next(_pages.Count)] + (ulong)random.Next(1 << random.Next(12, RegionShift));
        switch (random.Next(12))
        {
            case 0:
                address = (ulong)random.NextInt64(1L << 40);
                break;
            case 1:
                address ^= 1UL << random.Next(26, 64);
                break;
            case 2:
                address = 0xFFFF_FFFF_8000_0000 + (ulong)random.Next(0x1000_0000, 0x1FC0_0000) + ((ulong)random.Next(2) << 29);
                break;
            default:
                break;
        }

        // The stub's own page is mapped in that region.
        address = (address & ~((1UL << RegionShift) - 1)) == MipsEmulator.StubRegion ? address & 0x00FF_FFFF : address;
        return Access.In(address, (AccessKind)random.Next(3), (PrivilegeMode)random.Next(2));
    }

    // Of the user segment, the mapped kernel segment, and with 64-bit addresses of all regions.
    private ulong Region(bool isWide) => random.Next(4) switch
    {
        0 => 0xFFFF_FFFF_C000_0000 | ((ulong)random.Next(32) << RegionShift),
        1 when isWide => ((ulong)random.Next(1 << 14) << RegionShift) | 0x10_0000_0000,
        2 when isWide => (3UL << 62) | ((ulong)random.Next(1 << 14) << RegionShift),
        _ => (ulong)random.Next(64) << RegionShift,
    };

    private TlbEntryImage Entry(ulong region)
    {
        int shift = 12 + (2 * random.Next(7));
        ulong mask = (1UL << (shift + 1)) - 1 & ~0x1FFFUL;
        ulong address = region | ((ulong)random.Next(1 << (RegionShift - 13)) << 13 & ~mask);
        _pages.Add(address);
        _pages.Add(address | (1UL << shift));
        ulong global = random.Next(3) == 0 ? 1UL : 0;
        return new(mask, address | AnyAsid(), Lo(shift) | global, Lo(shift) | (random.Next(4) == 0 ? 0 : global));
    }

    private ulong Lo(int shift)
    {
        ulong address = (ulong)random.Next((int)RandomFrames.Limit, 0x1F000) * PageSize.BaseBytes;
        PageFrameNumber frame = new PhysicalAddress(new PageSize(shift).RoundDown(address)).Frame;
        return (frame.Value << MipsPte.FrameShift) | MipsPte.Cacheable
            | (random.Next(6) == 0 ? 0 : MipsPte.Valid) | (random.Next(2) == 0 ? 0 : MipsPte.Dirty);
    }
}
