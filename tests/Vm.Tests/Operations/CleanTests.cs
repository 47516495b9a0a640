using BsdVm.Tests.Support;

namespace BsdVm.Tests.Operations;

/// <summary>How many pages Clean (msync) writes, and which pages count as modified.</summary>
public class CleanTests
{
    // B22b: of an entry with four modified pages one is in the range.
    [Fact]
    public void Only_the_range_is_written()
    {
        (TestVm vm, VmSpace space) = Build(entries: 1);
        Assert.Equal(VmStatus.Success, space.Map.Clean(TestVm.Pages(1, 1)));
        Assert.Equal(1, vm.System.Counters.PageOut);
        Assert.Equal([true, false, true, true], Dirty(vm, space));
    }

    // B22: entries above the range keep their modified pages.
    [Fact]
    public void Entries_above_the_range_are_not_written()
    {
        (TestVm vm, VmSpace space) = Build(entries: 4);
        Assert.Equal(VmStatus.Success, space.Map.Clean(TestVm.Pages(0, 2)));
        Assert.Equal(2, vm.System.Counters.PageOut);
        Assert.Equal([false, false, true, true], Dirty(vm, space));
    }

    // B18: 4.4BSD lost what was stored before a mapping became read-only.
    [Fact]
    public void A_page_that_is_read_only_by_now_is_written()
    {
        (TestVm vm, VmSpace space) = Build(entries: 1);
        Assert.Equal(VmStatus.Success, space.Map.Protect(TestVm.Pages(0, 4), Protection.Read));
        Assert.Equal(VmStatus.Success, space.Map.Clean(TestVm.Pages(0, 4)));
        Assert.Equal(4, vm.System.Counters.PageOut);
        Assert.Equal([false, false, false, false], Dirty(vm, space));
    }

    [Fact]
    public void A_store_after_cleaning_is_seen_again()
    {
        (TestVm vm, VmSpace space) = Build(entries: 1);
        Assert.Equal(VmStatus.Success, space.Map.Clean(TestVm.Pages(0, 4)));
        vm.Store(space, 2, 10);
        Assert.Equal([false, false, true, false], Dirty(vm, space));
    }

    // B24b: the frame was modified in an earlier life.
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_page_that_was_just_read_is_clean(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace space = vm.NewSpace();
        vm.MapAnonymous(space, 0, 1);
        vm.Store(space, 0, 1);
        space.Pmap.TryExtract(TestVm.Page(0), out PmapMapping anonymous);
        space.Map.Remove(TestVm.Pages(0, 1));
        vm.MapFile(space, 0, 1, vm.System.CreateVnode("f", 4096, 5), shared: true);

        Assert.Equal(5, vm.Load(space, 0));

        space.Pmap.TryExtract(TestVm.Page(0), out PmapMapping read);
        Assert.Equal((anonymous.Frame, false), (read.Frame, vm.System.IsDirty(read.Frame)));
        Assert.Equal(VmStatus.Success, space.Map.Clean(TestVm.Pages(0, 1)));
        Assert.Equal(0, vm.System.Counters.PageOut);
    }

    // Four pages of a file, each stored to, in one entry or in four.
    private static (TestVm Vm, VmSpace Space) Build(int entries)
    {
        var vm = new TestVm();
        VmSpace space = vm.NewSpace();
        int pages = 4 / entries;
        for (int entry = 0; entry < entries; entry++)
        {
            vm.MapFile(space, entry * pages, pages, vm.System.CreateVnode($"f{entry}", 16384, 5), shared: true);
        }

        for (int page = 0; page < 4; page++)
        {
            vm.Store(space, page, 9);
        }

        Assert.Equal(entries, space.Map.Count);
        return (vm, space);
    }

    private static bool[] Dirty(TestVm vm, VmSpace space) =>
        [.. space.Pmap.Mappings(TestVm.Pages(0, 4)).Select(mapping => vm.System.IsDirty(mapping.Frame))];
}
