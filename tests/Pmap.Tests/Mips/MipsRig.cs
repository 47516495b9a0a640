namespace BsdVm.Tests.Mips;

/// <summary>One pmap of a structure on one processor, with frames for tables that never run out.</summary>
internal sealed class MipsRig
{
    private const int FirstDataFrame = 1 << 15;

    public MipsRig(string name, int managedFrames = 0, TlbSpecification? tlb = null)
    {
        PmapBackend backend = Backends.Named(name);
        Machine = new Machine(FirstDataFrame * 2, 1, tlb ?? TlbSpecification.Default, backend.CreateMmu);
        Frames = new Conformance.CountingFrameSource(Machine.Memory, new(1), FirstDataFrame - 1);
        System = new PmapSystem(Machine, backend, Frames, managedFrames);
        Pmap = NewPmap();
        System.Activate(Pmap, Machine.Cpus[0]);
    }

    public Machine Machine { get; }

    public Conformance.CountingFrameSource Frames { get; }

    public PmapSystem System { get; }

    public Pmap Pmap { get; }

    public Cpu Cpu => Machine.Cpus[0];

    public Mmu Mmu => Machine.Cpus[0].Mmu;

    public static PageFrameNumber Frame(int number) => new((ulong)(FirstDataFrame + number));

    public static VirtualAddress Page(ulong number) => new(number << PageSize.Base.Shift);

    /// <summary>Distinct random pages, some of them in runs.</summary>
    public static List<ulong> RandomPages(int seed, int count, int bits)
    {
        var random = new Random(seed);
        var pages = new HashSet<ulong>();
        while (pages.Count < count)
        {
            ulong page = (ulong)random.NextInt64(1L << bits);
            int run = random.Next(3) == 0 ? random.Next(1, 40) : 1;
            for (ulong next = page; next < page + (ulong)run && next < 1UL << bits && pages.Count < count; next++)
            {
                pages.Add(next);
            }
        }

        return [.. pages];
    }

    /// <summary>The number of aligned regions of so many pages that hold one of the pages: A(k) of the closed forms.</summary>
    public static long Regions(IEnumerable<ulong> pages, ulong size) => pages.Select(page => page / size).Distinct().LongCount();

    public Pmap NewPmap()
    {
        Assert.True(System.TryCreate(out Pmap? pmap));
        return pmap;
    }

    public void Enter(ulong page, int frame, Protection rights = Protection.ReadWrite) =>
        Assert.Equal(PmapStatus.Success, Pmap.Enter(Page(page), Frame(frame), rights, null, wired: false));

    public void EnterAll(IReadOnlyList<ulong> pages)
    {
        for (int number = 0; number < pages.Count; number++)
        {
            Enter(pages[number], number);
        }
    }

    /// <summary>A walk by the machine's own hands, whose cost is then the latest.</summary>
    public ulong Walk(ulong page)
    {
        Assert.True(Mmu.TryWalk(Page(page), AccessKind.Read, PrivilegeMode.User, out ulong translation, out MachineFault fault), fault.ToString());
        return translation >> PageSize.Base.Shift;
    }
}
