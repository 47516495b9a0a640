using BsdVm.Snapshots;
using BsdVm.Views;
using BsdVm.X86;

namespace BsdVm.Tests.Reading;

/// <summary>docs/snapshots.md shows this class as it is, and it does what it says.</summary>
public class ReadingTests
{
    private static readonly VirtualAddress First = new(0x10000);
    private static readonly VirtualAddress Second = new(0x11000);

    [Fact]
    public void The_page_quotes_what_is_compiled()
    {
        string code = Resource("PageOwner.cs").Trim();
        Assert.Contains("```csharp\n" + code + "\n```", Resource("snapshots.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(VmSystemSnapshot))]
    [InlineData(typeof(TableSnapshot))]
    [InlineData(typeof(CpuSnapshot))]
    [InlineData(typeof(StateView))]
    public void The_page_names_everything_that_is_public(Type one)
    {
        string page = Resource("snapshots.md");
        Type[] types = [.. one.Assembly.GetExportedTypes().Where(type => type.Namespace == one.Namespace)];
        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.Contains($"`{type.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void A_snapshot_tells_who_had_a_page_before_and_after_a_copy()
    {
        var system = new VmSystem(new VmConfiguration { Backend = X86Backends.FourLevel, FrameCount = 256 });
        Assert.True(system.TryCreateSpace(new AddressRange(new(0x1000), 0x7000_0000), out VmSpace? parent));
        var range = new AddressRange(First, 3 * PageSize.BaseBytes);
        Assert.Equal(VmStatus.Success, parent.Map.Insert(new VmMapRequest { Range = range, Protection = Protection.ReadWrite }));
        Assert.Equal(VmStatus.Success, system.Fault(parent, First, AccessKind.Write));
        Assert.Equal(VmStatus.Success, system.Fault(parent, Second, AccessKind.Write));
        Assert.Equal(VmStatus.Success, parent.TryFork(eager: false, out VmSpace? child));

        VmSpaceSnapshot before = child!.Snapshot();
        Assert.Equal(VmStatus.Success, system.Fault(child, First, AccessKind.Write));
        VmSpaceSnapshot after = child.Snapshot();

        Assert.EndsWith("of object 1: anonymous, 3 pages, 2 references", PageOwner.Of(before, First), StringComparison.Ordinal);
        Assert.EndsWith("of object 2: anonymous, 3 pages, 1 references", PageOwner.Of(after, First), StringComparison.Ordinal);
        Assert.EndsWith("of object 1: anonymous, 3 pages, 2 references", PageOwner.Of(after, Second), StringComparison.Ordinal);
        Assert.Equal("zeros", PageOwner.Of(after, Second + PageSize.BaseBytes));
        Assert.Equal("nothing is mapped", PageOwner.Of(after, range.End));
        Assert.Equal([2, 1], after.Map.Lookup(First)!.Object!.Chain().Select(static each => each.Id));
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReadingTests).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
