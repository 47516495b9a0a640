namespace BsdVm.Script.Tests;

/// <summary>The figures of a run, counted by hand.</summary>
public class RunStatisticsTests
{
    [Fact]
    public void A_fork_and_its_faults_are_counted()
    {
        RunStatistics taken = Take(
            """
            p1: mmap 0x10000000 3p rw- private anon
            p1: fill 0x10000000 3p 111
            p1: load 0x10000000 1
            p1: fork p2
            p1: store 0x10000000 "parent"
            p2: store 0x10000000 "child"
            p2: load 0x20000000 1
            p2: mprotect 0x10001000 1p r--
            p2: store 0x10001000 "x"
            """);
        Assert.Equal(9, taken.Operations);
        Assert.Equal((3, 2, 1, 1), (taken.Faults.ZeroFill, taken.Faults.CopyOnWrite, taken.Faults.Unmapped, taken.Faults.Protection));
        Assert.Equal(["p1", "p2"], taken.Processes.Select(process => process.Name));
        Assert.Equal([1, 3], taken.Processes.Select(process => process.Entries));
        // Three pages, and a copy for each writer (the partly shadowed page below cannot be freed).
        Assert.Equal(5, taken.Frames.Active + taken.Frames.Inactive);
        Assert.Equal((3, 2), (taken.Objects, taken.LongestChain));
        Assert.Equal(0, taken.Swap.Total);
    }

    [Fact]
    public void A_collapse_is_counted_and_the_chain_is_short_again()
    {
        RunStatistics taken = Take(
            """
            p1: mmap 0x10000000 2p rw- private anon
            p1: fill 0x10000000 2p 65
            p1: fork p2
            p1: store 0x10000000 "x"
            p2: exit
            p1: store 0x10001000 "y"
            """);
        Assert.Equal((1, 1, 1), (taken.Collapses + taken.Bypasses, taken.LongestChain, taken.Objects));
        Assert.Equal((0, 0), (taken.Processes[1].ResidentPages, taken.Processes[1].Entries));
        Assert.Equal(2, taken.Frames.Active + taken.Frames.Inactive);
    }

    [Fact]
    public void Every_page_touched_is_a_hit_or_a_miss()
    {
        RunStatistics taken = Take(
            """
            p1: mmap 0x10000000 2p rwx private anon
            p1: store 0x10000ffe "\xc3\xc3\xc3\xc3"
            p1: load 0x10000ffe 4
            p1: load 0x10000ffe 4
            p1: fetch 0x10000fff
            """);
        // Two pages, three times, and a fetch; the first touch of each misses in the data TLB, the fetch hits in the second level.
        Assert.Equal(7, taken.Tlb.Hits + taken.Tlb.Misses);
        Assert.Equal(2, taken.Tlb.Misses);
    }

    private static RunStatistics Take(string text)
    {
        VmScript script = Scenarios.Parse(text);
        KernelScriptMachine machine = new ModelRun(Linux: false).Build(script.Machine);
        new ScriptRunner(script, machine).RunThrough();
        return RunStatistics.Take(machine);
    }
}
