using System.Text.Json.Nodes;
using BsdVm.Lab;
using BsdVm.Posix;
using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary>What a run counted.</summary>
internal static class RunStatistics
{
    private const string Processes = "processes";
    private const string Pages = "pages";

    private static readonly string[] BeforeProcesses =
    [
        "faults: {faults.zeroFill} zero fill, {faults.readZero} zero page, {faults.copyOnWrite} copy-on-write, {faults.reuse} reuse, "
            + "{faults.pageIn} page-in, {faults.protection} protection, {faults.unmapped} unmapped",
    ];

    private static readonly string[] AfterProcesses =
    [
        "objects: {objects}, longest chain searched {longestChain}, {collapses} collapses, {bypasses} bypasses",
        "frames: {frames.total} in all, {frames.free} free, {frames.active} active, {frames.inactive} inactive, {frames.wired} wired, "
            + "{frames.pageTables} in page tables",
        "swap: {swap.used} pages",
        "TLB: {tlb.hits} hits, {tlb.misses} misses, {tlb.shootdowns} shootdowns",
    ];

    /// <summary>The figures of a process.</summary>
    public static IReadOnlyList<Column<Process>> ProcessColumns { get; } =
    [
        new("name", "the process", "", static process => process.Name),
        new("minorFaults", "faults without a transfer", "faults", static process => process.Space.MinorFaults)
        {
            Text = new(Processes, 1, "minor"),
        },
        new("majorFaults", "faults with a transfer", "faults", static process => process.Space.MajorFaults)
        {
            Text = new(Processes, 2, "major"),
        },
        new("residentPages", "pages mapped in the pmap", Pages, static process => process.Space.Pmap.ResidentCount)
        {
            Text = new(Processes, 3, "resident"),
        },
        new("entries", "entries of the map", "entries", static process => process.Space.Map.Count) { Text = new(Processes, 4, "entries") },
    ];

    /// <summary>The figures of the run, in the order of JSON.</summary>
    public static IReadOnlyList<Column<KernelScriptMachine>> Columns { get; } =
    [
        new("operations", "operations performed", "operations", static machine => machine.OperationCount),
        .. In("faults", static machine => machine.Kernel.Vm.Counters, Faults()),
        new(Processes, "the processes", "", static machine =>
            new Figure.Rows([.. machine.Kernel.Processes.Select(static process => JsonReport.GroupOf(ProcessColumns, process))])),
        new("objects", "objects", "objects", static machine => machine.Kernel.Vm.Objects.Count),
        .. In("", static machine => machine.Kernel.Vm.Counters, Chains()),
        .. In("frames", static machine => machine.Kernel.Vm.Pages, Frames()),
        .. In("swap", static machine => machine.Kernel, Swap()),
        .. In("tlb", static machine => machine.Kernel.Vm, OfTlbs()),
    ];

    /// <summary>One JSON document.</summary>
    public static JsonObject Json(KernelScriptMachine machine, string inputSha256)
    {
        JsonObject document = JsonDocumentWriter.Start("run", inputSha256);
        JsonReport.AddTo(document, Columns, machine);
        return document;
    }

    /// <summary>The same for people.</summary>
    public static void Write(TextWriter output, KernelScriptMachine machine)
    {
        Say(output, BeforeProcesses, machine);
        TextReport.Table(Processes, "process", static process => process.Name, ProcessColumns, machine.Kernel.Processes).Write(output);
        Say(output, AfterProcesses, machine);
    }

    private static void Say(TextWriter output, string[] sentences, KernelScriptMachine machine)
    {
        foreach (string sentence in sentences)
        {
            output.WriteLine(TextReport.Sentence(sentence, Columns, machine));
        }
    }

    private static IEnumerable<Column<KernelScriptMachine>> In<TPart>(
        string section, Func<KernelScriptMachine, TPart> part, IEnumerable<Column<TPart>> columns) =>
        columns.Select(column => column.Of(part) with { Section = section });

    private static IEnumerable<Column<VmCounters>> Faults() =>
    [
        new("zeroFill", "ended in a fresh page of zeros", "faults", static faults => faults.ZeroFill),
        new("readZero", "ended with the shared page of zeros", "faults", static faults => faults.ReadZero),
        new("copyOnWrite", "ended with a copy", "faults", static faults => faults.CopyOnWrite),
        new("reuse", "found the page resident", "faults", static faults => faults.Reuse),
        new("pageIn", "ended with a page from a pager", "faults", static faults => faults.PageIn),
        new("protection", "refused for rights", "faults", static faults => faults.Protection),
        new("unmapped", "refused where nothing is mapped", "faults", static faults => faults.Unmapped),
    ];

    private static IEnumerable<Column<VmCounters>> Chains() =>
    [
        new("longestChain", "longest chain searched", "objects", static counters => counters.LongestChain),
        new("collapses", "collapses", "objects", static counters => counters.Collapses),
        new("bypasses", "bypasses", "objects", static counters => counters.Bypasses),
    ];

    private static IEnumerable<Column<VmPages>> Frames() =>
    [
        new("total", "frames", "frames", static pages => pages.TotalCount),
        new("free", "free", "frames", static pages => pages.FreeCount),
        new("active", "active", "frames", static pages => pages.ActiveCount),
        new("inactive", "inactive", "frames", static pages => pages.InactiveCount),
        new("wired", "wired", "frames", static pages => pages.WiredCount),
        new("pageTables", "in page tables", "frames", static pages => pages.TableCount),
    ];

    private static IEnumerable<Column<Kernel>> Swap() =>
    [
        new("total", "slots of swap space; 0 where it has no bound", Pages, static kernel => kernel.Configuration.SwapSlots),
        new("used", "pages that pagers of anonymous memory hold", Pages, static kernel => kernel.Vm.StoredPageCount),
    ];

    // Of all processors.
    private static IEnumerable<Column<VmSystem>> OfTlbs() =>
    [
        new("hits", "accesses that hit the first level", "accesses", static vm => OnAll(vm, static cpu =>
            cpu.Accesses - cpu.InstructionMisses - cpu.DataMisses)),
        new("misses", "accesses that missed it", "accesses", static vm => OnAll(vm, static cpu => cpu.InstructionMisses + cpu.DataMisses)),
        new("shootdowns", "invalidations that another processor asked for", "invalidations", static vm =>
            OnAll(vm, static cpu => cpu.Shootdowns)),
    ];

    private static long OnAll(VmSystem vm, Func<CpuCounters, long> count)
    {
        long sum = 0;
        foreach (Cpu cpu in vm.Machine.Cpus)
        {
            sum += count(cpu.Counters);
        }

        return sum;
    }
}
