using System.Text;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Lab.Tests;

/// <summary>Forks in lackey's logs, and children with a log of their own.</summary>
public sealed class ForkTests : IDisposable
{
    private const string Maps = "00010000-00018000 rw-p 00000000 00:00 0\n";
    private const string Fork = "SYSCALL[7,1](56) sys_clone ( 1200011, 0x0, 0x0, 0x0, 0x0 )   clone(fork): process 7 created child 9\n"
        + " --> [pre-success] Success(0x9)\n";
    private const string Wait =
        "SYSCALL[7,1](61) sys_wait4 ( -1, 0x0, 0, 0x0 ) --> [async] ...\nSYSCALL[7,1](61) ... [async] --> Success(0x9)\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("bsdvm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_parent_copies_the_pages_that_it_shares_with_a_child_nobody_follows()
    {
        CompareRun run = Run(Stores(0x10000, 3) + Fork + Stores(0x10000, 2) + Wait + Stores(0x12000, 1), []);
        Assert.Equal((3L, 2L), (run.Faults.ZeroFill, run.Faults.CopyOnWrite));
        Assert.Equal(1, run.Structures[0].Operations["fork"].Count);

        // The child is gone once its parent has waited.
        Assert.Equal(8, run.Trace.MappedPagesAtEnd);
    }

    [Fact]
    public void A_childs_log_starts_from_its_parents_memory_and_joins_the_run()
    {
        string child = FileOf("child", " --> [pre-success] Success(0x0)\n" + Stores(0x10000, 2) + Stores(0x14000, 1));
        CompareRun run = Run(Stores(0x10000, 3) + Fork + Stores(0x12000, 1), [new ChildSource(9, child)]);
        Assert.Equal((4L, 2L), (run.Faults.ZeroFill, run.Faults.CopyOnWrite));
        Assert.Equal((7L, 7L, 4L), (run.Trace.Accesses, run.Trace.Stores, run.Trace.DistinctPages));
        Assert.Equal(3, Assert.Single(run.Trace.Children!).Accesses);
        Assert.Equal((8L, 0L), (run.Trace.MappedPagesAtEnd, run.Trace.Unmapped));
        Assert.Equal(run.Faults, Run(Stores(0x10000, 3) + Fork + Stores(0x12000, 1), [new ChildSource(null, child)]).Faults);
    }

    [Fact]
    public void A_log_of_a_child_that_nobody_forked_is_refused()
    {
        string child = FileOf("child", Stores(0x10000, 1));
        Assert.Contains("no fork made process 8", Assert.Throws<TraceFormatException>(
            () => Run(Stores(0x10000, 1) + Fork, [new ChildSource(8, child)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Superblocks_are_passed_over_and_counted()
    {
        CompareRun run = Run(" SB 00010000\n" + Stores(0x10000, 1) + " SB 00010000\n", []);
        Assert.Equal((2L, 1L), (run.Trace.Superblocks, run.Trace.Accesses));
    }

    [Fact]
    public void A_walk_begins_at_one_level_of_the_caches_at_most()
    {
        string pages = FileOf("pages", "1\n0x200\n0x40000\n0x8000000\n1\n0x201\n");
        const string Tlb = "l1u=1x1,l2=0x0,walk=32+4+2";
        StructureSummary each = Structures.Run(new TraceSource(pages, TraceFormat.Pages, null), [X86Backends.FourLevel], Tlb).Structures[0];
        Assert.InRange(each.WalkCacheHits.Sum(), 1, each.Walks);
    }

    [Fact]
    public void A_narrow_structure_holds_all_four_gigabytes()
    {
        string pages = FileOf("pages", "0\n0xfffff\n");
        CompareRun run = Structures.Run(new TraceSource(pages, TraceFormat.Pages, null), [X86Backends.TwoLevel]);
        Assert.Equal(3 * 4096, run.Structures[0].TableBytesPeak);
        Assert.Equal(run.Structures[0].Walks, run.Structures[0].MissesByPageSize.Values.Sum());
    }

    private static string Stores(int start, int pages)
    {
        var log = new StringBuilder();
        for (int page = 0; page < pages; page++)
        {
            log.Append(FormattableString.Invariant($" S {start + (page * (int)PageSize.BaseBytes):x8},8\n"));
        }

        return log.ToString();
    }

    private CompareRun Run(string log, IReadOnlyList<ChildSource> children) => Structures.Run(
        new TraceSource(FileOf("log", log), TraceFormat.Lackey, FileOf("maps", Maps)) { Children = children }, [X86Backends.FourLevel]);

    private string FileOf(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
