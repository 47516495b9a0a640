using BsdVm.Tests.Support;

namespace BsdVm.Tests.Pagers;

/// <summary>One read of a file fails: whoever needed the page hears of it, nothing is left behind, and the next try succeeds.</summary>
public class ReadFailureTests
{
    private const int FilePages = 4;

    public static TheoryData<string, bool, long> Machines => new()
    {
        { "shadow", false, 0 },
        { "shadow", true, 0 },
        { "shadow", false, 5 },
        { "amap", false, 0 },
        { "amap", true, 0 },
        { "amap", true, 5 },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Any_access_may_fail_and_is_retried(string layer, bool shared, long latency)
    {
        for (int failing = 1; failing <= FilePages; failing++)
        {
            foreach (bool stores in (bool[])[false, true])
            {
                (TestVm vm, VmSpace space, Vnode file, FailingPager reads) = Build(layer, shared, latency);
                reads.FailRead = failing;
                for (int page = 0; page < FilePages; page++)
                {
                    // The table exists before, so that frames can be compared.
                    Assert.Equal(PmapStatus.Success, space.Pmap.Prepare(TestVm.Page(page)));
                    int inUse = vm.FramesInUse;
                    Assert.Equal(page + 1 != failing, Touch(vm, space, page, stores));
                    if (page + 1 == failing)
                    {
                        Assert.Equal((VmStatus.PagerError, inUse), (vm.LastStatus, vm.FramesInUse));
                        Assert.True(Touch(vm, space, page, stores));
                    }

                    Assert.Equal(stores ? 9 : 5, vm.Load(space, page));
                }

                Assert.Equal(FilePages + 1, reads.ReadCount);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Wiring_is_all_or_nothing(string layer, bool shared, long latency)
    {
        for (int failing = 1; failing <= FilePages; failing++)
        {
            (TestVm vm, VmSpace space, Vnode file, FailingPager reads) = Build(layer, shared, latency);
            reads.FailRead = failing;
            Assert.Equal(VmStatus.PagerError, space.Map.Wire(TestVm.Pages(0, FilePages)));
            Assert.Equal((0, false), (vm.System.Pages.WiredCount, space.Map.First!.IsWired));
            vm.System.CheckInvariants();

            Assert.Equal(VmStatus.Success, space.Map.Wire(TestVm.Pages(0, FilePages)));
            Assert.Equal(FilePages, vm.System.Pages.WiredCount);
            vm.System.CheckInvariants();
        }
    }

    // A shared mapping with copy inheritance is copied by fork itself, which has to read what nobody read yet.
    [Theory]
    [InlineData("shadow", 0)]
    [InlineData("shadow", 5)]
    [InlineData("amap", 0)]
    [InlineData("amap", 5)]
    public void A_fork_that_cannot_read_makes_no_child(string layer, long latency)
    {
        for (int failing = 1; failing <= FilePages; failing++)
        {
            (TestVm vm, VmSpace space, Vnode file, FailingPager reads) = Build(layer, shared: true, latency);
            space.Map.Inherit(TestVm.Pages(0, FilePages), VmInheritance.Copy);
            reads.FailRead = failing;
            int loose = vm.FramesInUse - file.Object.ResidentCount;
            Assert.NotEqual(VmStatus.Success, space.TryFork(eager: false, out VmSpace? none));
            Assert.Null(none);
            Assert.Equal((loose, 1), (vm.FramesInUse - file.Object.ResidentCount, vm.System.Spaces.Count()));
            vm.System.CheckInvariants();

            VmSpace child = vm.Fork(space);
            vm.Store(space, 0, 9);
            Assert.Equal(5, vm.Load(child, 0));
        }
    }

    private static (TestVm Vm, VmSpace Space, Vnode File, FailingPager Reads) Build(string layer, bool shared, long latency)
    {
        var vm = new TestVm(layer);
        VmSpace space = vm.NewSpace();
        Vnode file = vm.System.CreateVnode("f", FilePages * 4096, 5);
        file.Pager.LatencyTicks = latency;
        vm.MapFile(space, 0, FilePages, file, shared);
        return (vm, space, file, file.DecoratePager(static inner => new FailingPager(inner)));
    }

    private static bool Touch(TestVm vm, VmSpace space, int page, bool stores)
    {
        bool done = stores ? vm.Store(space, page, 9) : vm.CanLoad(space, page);
        vm.System.CheckInvariants();
        return done;
    }
}
