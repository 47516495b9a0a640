namespace BsdVm.Tests.Shootdowns;

/// <summary>
/// Three processors of one system, each running a program in a space of its choice; faults go to the space that is loaded.
/// </summary>
internal sealed class ThreeProcessors : ITrapHandler
{
    public const int PageCount = 12;

    private const ulong First = 0x1000_0000;

    public ThreeProcessors(PmapBackend backend)
    {
        System = new VmSystem(new VmConfiguration { Backend = backend, FrameCount = 4096, CpuCount = 3 });
        foreach (Cpu cpu in System.Machine.Cpus)
        {
            cpu.TrapHandler = this;
        }
    }

    public VmSystem System { get; }

    public Cpu Cpu(int number) => System.Machine.Cpus[number];

    public static VirtualAddress Page(int number) => new(First + ((ulong)number * PageSize.BaseBytes));

    public static AddressRange Pages(int first, int count) => new(Page(first), (ulong)count * PageSize.BaseBytes);

    /// <summary>A space with all pages mapped, and none present.</summary>
    public VmSpace NewSpace()
    {
        Assert.True(System.TryCreateSpace(new(new(0x1000), 0x7000_0000), out VmSpace? space));
        Map(space, 0, PageCount);
        return space;
    }

    public static void Map(VmSpace space, int first, int count) =>
        Assert.Equal(VmStatus.Success, space.Map.Insert(new VmMapRequest { Range = Pages(first, count), Protection = Protection.All }));

    /// <summary>The program runs there, and uses every page in every way.</summary>
    public void Run(VmSpace space, int cpu)
    {
        space.Activate(Cpu(cpu));
        for (int page = 0; page < PageCount; page++)
        {
            Assert.True(Access(cpu, page, AccessKind.Write) && Access(cpu, page, AccessKind.Execute) && Access(cpu, page, AccessKind.Read));
        }
    }

    public bool Access(int cpu, int page, AccessKind access) => Cpu(cpu).Access(Page(page), access, out _);

    /// <summary>Pages of a space that a processor caches.</summary>
    public int CachedPages(VmSpace space, int cpu) =>
        System.Pmaps.CachedTranslations(Cpu(cpu)).Where(cached => cached.Pmap == space.Pmap)
            .Select(static cached => cached.Entry.Page).Distinct().Count();

    public void UpdateAndCheck()
    {
        System.Pmaps.Update();
        Assert.False(System.Pmaps.HasOwedInvalidations);
        System.CheckInvariants();
    }

    public TrapDisposition HandleFault(Cpu cpu, in MachineFault fault)
    {
        Pmap? loaded = System.Pmaps.LoadedOn(cpu);
        VmSpace space = System.Spaces.First(space => space.Pmap == loaded);
        return System.Fault(space, fault.Address, fault.Access) == VmStatus.Success ? TrapDisposition.Restart : TrapDisposition.Abandon;
    }
}
