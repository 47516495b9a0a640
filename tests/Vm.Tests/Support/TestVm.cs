using BsdVm.X86;

namespace BsdVm.Tests.Support;

/// <summary>A system with a processor whose faults go straight to the machine-independent layer.</summary>
internal sealed class TestVm
{
    public const ulong Base = 0x10000000;

    public TestVm(
        string anonymous = "shadow",
        VmPolicy? policy = null,
        int frames = 4096,
        bool list = false,
        int cpus = 1,
        PmapBackend? backend = null,
        Func<VirtualAddress, VmMapIndex>? index = null,
        Func<AnonymousPager>? pager = null,
        Func<FrameAllocator, FrameAllocator>? decorate = null)
    {
        System = new VmSystem(new VmConfiguration
        {
            Backend = backend ?? X86Backends.FourLevel,
            FrameCount = frames,
            CpuCount = cpus,
            Policy = policy ?? VmPolicy.Corrected,
            CreateAnonymousLayer = system => anonymous == "amap" ? new AmapLayer(system) : new ShadowLayer(system),
            CreateAnonymousPager = pager,
            DecorateFrames = decorate,
            Check = CheckMode.Amortized,
            CreateIndex = index ?? (minimum => list ? new ListIndex(minimum) : new RedBlackIndex(minimum)),
        });
    }

    public VmSystem System { get; }

    public VmStatus LastStatus => System.TrapHandler.StatusOn(Cpu);

    public Cpu Cpu => System.Machine.Cpus[0];

    public int FramesInUse => System.Pages.TotalCount - 2 - System.Pages.FreeCount - System.Pages.TableCount;

    public static AddressRange Pages(int first, int count) => new(new(Base + ((ulong)first * 4096)), (ulong)count * 4096);

    public static VirtualAddress Page(int number) => new(Base + ((ulong)number * 4096));

    public VmSpace NewSpace()
    {
        Assert.True(System.TryCreateSpace(new AddressRange(new(0x1000), 0x7000_0000), out VmSpace? space));
        return space;
    }

    public void MapAnonymous(
        VmSpace space, int first, int count, Protection rights = Protection.ReadWrite, VmInheritance inheritance = VmInheritance.Copy) =>
        Assert.Equal(VmStatus.Success, space.Map.Insert(new VmMapRequest
        {
            Range = Pages(first, count),
            Protection = rights,
            Inheritance = inheritance,
        }));

    public void MapFile(VmSpace space, int first, int count, Vnode file, bool shared, ulong offset = 0) =>
        Assert.Equal(VmStatus.Success, space.Map.Insert(new VmMapRequest
        {
            Range = Pages(first, count),
            Protection = Protection.ReadWrite,
            IsShared = shared,
            Inheritance = shared ? VmInheritance.Share : VmInheritance.Copy,
            Object = file.Object,
            Offset = offset,
        }));

    public VmSpace Fork(VmSpace parent, bool eager = false)
    {
        Assert.Equal(VmStatus.Success, parent.TryFork(eager, out VmSpace? child));
        System.CheckInvariants();
        return child!;
    }

    public bool Store(VmSpace space, int page, byte value, int offset = 0)
    {
        space.Activate(Cpu);
        bool done = Cpu.Store(Page(page) + (ulong)offset, [value]) == 1;
        System.CheckInvariants();
        return done;
    }

    public byte Load(VmSpace space, int page, int offset = 0)
    {
        space.Activate(Cpu);
        Span<byte> bytes = stackalloc byte[1];
        Assert.Equal(1, Cpu.Load(Page(page) + (ulong)offset, bytes));
        System.CheckInvariants();
        return bytes[0];
    }

    public bool CanLoad(VmSpace space, int page)
    {
        space.Activate(Cpu);
        return Cpu.Load(Page(page), stackalloc byte[1]) == 1;
    }
}
