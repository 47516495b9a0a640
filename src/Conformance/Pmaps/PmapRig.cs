using Xunit;

namespace BsdVm.Conformance;

/// <summary>
/// A machine with a backend under test: processors, page lists, a frame source for tables, and data frames that nobody else uses. Its trap
/// handler does what a kernel does on machines without bits of their own, and nothing else.
/// </summary>
internal sealed class PmapRig : ITrapHandler
{
    public const int DataFrames = 16;

    private const ulong FirstTableFrame = 16;
    private const ulong FirstDataFrame = 0x4000;

    // Small enough to be looked through after each step, and larger than what a test maps: nothing is evicted that ought to be dropped.
    private static readonly TlbSpecification Tlbs = new(new(64, 64), new(64, 64), new(128, 4), TlbReplacement.Lru);

    private int _restarts;

    public PmapRig(PmapBackend backend, int cpuCount = 1)
    {
        Backend = backend;
        Machine = new Machine(FirstDataFrame + DataFrames, cpuCount, Tlbs, backend.CreateMmu);
        Source = new CountingFrameSource(Machine.Memory, new(FirstTableFrame), (int)(FirstDataFrame - FirstTableFrame));
        System = new PmapSystem(Machine, backend, Source);
        foreach (Cpu cpu in Machine.Cpus)
        {
            cpu.TrapHandler = this;
        }

        ulong limit = Backend.Capabilities.UserLimit;
        ulong[] corners = [0, 0x1000, 0x3FF000, 0x400000, 0x401000, 0x7FFFF000, 0x80000000, limit - 0x2000, limit - 0x1000];
        Corners = [.. corners.Where(corner => corner < limit).Distinct().Order().Select(static corner => new VirtualAddress(corner))];
    }

    public PmapBackend Backend { get; }

    public PmapCapabilities Capabilities => Backend.Capabilities;

    public Machine Machine { get; }

    public PmapSystem System { get; }

    public CountingFrameSource Source { get; }

    public Cpu Cpu => Machine.Cpus[0];

    /// <summary>Everything that a program may use.</summary>
    public AddressRange All => new(new(0), Capabilities.UserLimit);

    /// <summary>Pages at the ends of the space and on both sides of usual table boundaries, ascending.</summary>
    public IReadOnlyList<VirtualAddress> Corners { get; }

    public static PageFrameNumber Frame(int number) => new(FirstDataFrame + (ulong)number);

    public static VirtualAddress Page(int number) => (new VirtualAddress(0x10000000).Page + (ulong)number).Address;

    public static AddressRange Pages(int first, int count) => new(Page(first), (ulong)count * PageSize.BaseBytes);

    public static Pmap NewPmap(PmapSystem system)
    {
        Assert.True(system.TryCreate(out Pmap? pmap), "No pmap could be made.");
        return pmap;
    }

    public Pmap NewPmap() => NewPmap(System);

    /// <summary>A pmap that is loaded on every processor.</summary>
    public Pmap NewLoadedPmap()
    {
        Pmap pmap = NewPmap();
        foreach (Cpu cpu in Machine.Cpus)
        {
            System.Activate(pmap, cpu);
        }

        return pmap;
    }

    public static void Enter(
        Pmap pmap, VirtualAddress address, int frame, Protection rights, AccessKind? access = null, bool wired = false) =>
        Assert.Equal(PmapStatus.Success, pmap.Enter(address, Frame(frame), rights, access, wired));

    public static void Enter(Pmap pmap, int page, int frame, Protection rights = Protection.ReadWrite, bool wired = false) =>
        Enter(pmap, Page(page), frame, rights, null, wired);

    public static PmapMapping Extract(Pmap pmap, VirtualAddress address)
    {
        Assert.True(pmap.TryExtract(address, out PmapMapping mapping), $"Nothing is mapped at {address}.");
        return mapping;
    }

    /// <summary>One access as a program makes it. True if it went through.</summary>
    public bool Access(Cpu cpu, VirtualAddress address, AccessKind access) => Access(cpu, address, access, out _);

    public bool Access(Cpu cpu, VirtualAddress address, AccessKind access, out PhysicalAddress physical)
    {
        _restarts = 0;
        return cpu.Access(address, access, out physical);
    }

    /// <summary>A store that must go through, to the frame given.</summary>
    public void Store(VirtualAddress address, int frame) => Touch(Cpu, address, AccessKind.Write, frame);

    public void Touch(Cpu cpu, VirtualAddress address, AccessKind access, int frame)
    {
        Assert.True(Access(cpu, address, access, out PhysicalAddress physical), $"{access} at {address} faulted: {cpu.LastFault}.");
        Assert.Equal(Frame(frame).Address + address.OffsetInPage, physical);
    }

    /// <summary>No access of any kind may go through at the address, on any processor.</summary>
    public void AssertUnreachable(VirtualAddress address)
    {
        foreach (Cpu cpu in Machine.Cpus)
        {
            foreach (AccessKind access in Enum.GetValues<AccessKind>())
            {
                Assert.False(Access(cpu, address, access), $"{access} at {address} went through on processor {cpu.Id}.");
            }
        }
    }

    // Where the hardware keeps no bits, an access that the rights allow still traps once; the kernel then enters the page again.
    public TrapDisposition HandleFault(Cpu cpu, in MachineFault fault)
    {
        bool keepsAllBits = Capabilities is { HardwareModified: true, HardwareReferenced: true };
        if (keepsAllBits || _restarts++ > 2 || System.LoadedOn(cpu) is not { } pmap
            || !pmap.TryExtract(fault.Address, out PmapMapping mapping) || !mapping.Rights.Allows(fault.Access))
        {
            return TrapDisposition.Abandon;
        }

        pmap.Enter(mapping.Address, mapping.Frame, mapping.Rights, fault.Access, (mapping.Flags & PmapFlags.Wired) != 0);
        System.Update();
        return TrapDisposition.Restart;
    }
}
