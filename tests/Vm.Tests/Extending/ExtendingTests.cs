using BsdVm.Tests.Support;

namespace BsdVm.Tests.Extending;

/// <summary>docs/extending.md shows these classes as they are, and they do what it says.</summary>
public class ExtendingTests
{
    [Theory]
    [InlineData("SortedArrayIndex.cs")]
    [InlineData("CompressedPager.cs")]
    public void The_page_quotes_what_is_compiled(string sample)
    {
        string code = Resource(sample).Trim();
        Assert.Contains("```csharp\n" + code + "\n```", Resource("extending.md"), StringComparison.Ordinal);
        Assert.InRange(code.Split('\n').Length, 10, 100);
    }

    [Fact]
    public void The_readme_quotes_what_is_compiled()
    {
        string code = Resource("ReadmeExample.cs");
        string usings = code[..code.IndexOf("\n\n", StringComparison.Ordinal)];
        int start = code.IndexOf("// From here.\n", StringComparison.Ordinal) + "// From here.\n".Length;
        string[] lines = code[start..code.IndexOf("        // To here.", StringComparison.Ordinal)].TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 10, 20);
        string body = string.Join('\n', lines.Select(static line => line.Length == 0 ? line : line["        ".Length..]));
        Assert.Contains($"```csharp\n{usings}\n\n{body}\n```", Resource("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_readmes_example_does_what_its_comments_say()
    {
        (VmSystem system, byte loaded) = Readme.ReadmeExample.Run();
        Assert.Equal((42, 1L, 1L), (loaded, system.Counters.ZeroFill, system.Counters.CopyOnWrite));
        Assert.Equal((2L, VmStatus.Success), (system.Machine.Cpus[0].Counters.Faults, system.TrapHandler.StatusOn(system.Machine.Cpus[0])));
        VmSpace parent = system.Spaces.First();
        parent.Activate(system.Machine.Cpus[0]);
        Span<byte> kept = stackalloc byte[1];
        Assert.Equal(1, system.Machine.Cpus[0].Load(new(0x1000_0000), kept));
        Assert.Equal(42, kept[0]);
    }

    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_pager_of_ones_own_backs_an_object(string layer)
    {
        var vm = new TestVm(layer);
        var pager = new CompressedPager(4);
        VmObject made = vm.System.CreatePagedObject(pager, 4 * PageSize.BaseBytes);
        VmSpace shared = vm.NewSpace();
        VmSpace copy = vm.NewSpace();
        Map(shared, made, isShared: true);
        Map(copy, made, isShared: false);
        Assert.Equal(0, vm.Load(shared, 1));
        vm.Store(shared, 1, 9);
        Assert.Equal(9, vm.Load(copy, 1));
        vm.Store(copy, 1, 5);
        Assert.Equal(0, pager.StoredBytes);

        // What was stored through the shared mapping goes to the pager: when asked for, and when nobody holds the object any more.
        Assert.Equal(VmStatus.Success, shared.Map.Clean(TestVm.Pages(0, 4)));
        Assert.InRange(pager.StoredBytes, 1, 100);
        vm.Store(shared, 2, 8);
        vm.System.ReleaseObject(made);
        shared.Destroy();
        Assert.Equal(5, vm.Load(copy, 1));
        copy.Destroy();
        vm.System.CheckInvariants();
        Assert.Equal((0, 0), (vm.System.Objects.Count, vm.FramesInUse));

        VmSpace later = vm.NewSpace();
        VmObject again = vm.System.CreatePagedObject(pager, 4 * PageSize.BaseBytes);
        Map(later, again, isShared: true);
        vm.System.ReleaseObject(again);
        Assert.Equal([0, 9, 8, 0], Enumerable.Range(0, 4).Select(page => (int)vm.Load(later, page)));
    }

    [Fact]
    public void A_page_behind_the_pagers_end_is_out_of_range()
    {
        var vm = new TestVm();
        VmObject made = vm.System.CreatePagedObject(new CompressedPager(1), PageSize.BaseBytes);
        VmSpace space = vm.NewSpace();
        Map(space, made, isShared: true);
        Assert.False(vm.CanLoad(space, 1));
        Assert.Equal(VmStatus.OutOfRange, vm.LastStatus);
    }

    [Fact]
    public void An_index_of_ones_own_serves_maps()
    {
        var vm = new TestVm(index: static minimum => new SortedArrayIndex(minimum));
        VmSpace space = vm.NewSpace();
        for (int page = 18; page >= 0; page -= 2)
        {
            vm.MapAnonymous(space, page, 1);
            vm.Store(space, page, (byte)page);
        }

        space.Map.Remove(TestVm.Pages(4, 3));
        VmSpace child = vm.Fork(space);
        Assert.Equal(8, child.Map.Count);
        Assert.Equal(18, vm.Load(child, 18));
        Assert.True(space.Map.TryFindSpace(TestVm.Page(0), 5 * PageSize.BaseBytes, out VirtualAddress start));
        Assert.Equal(TestVm.Page(3), start);
    }

    private static void Map(VmSpace space, VmObject made, bool isShared) =>
        Assert.Equal(VmStatus.Success, space.Map.Insert(new VmMapRequest
        {
            Range = TestVm.Pages(0, 4),
            Protection = Protection.ReadWrite,
            IsShared = isShared,
            Object = made,
        }));

    private static string Resource(string name)
    {
        using Stream stream = typeof(ExtendingTests).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
