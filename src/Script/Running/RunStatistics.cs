using System.Collections.Immutable;
using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary>What a run has cost, and what it has left. Names and nesting are those of <c>bsdvm run --stats --json</c>.</summary>
/// <param name="Operations">Operations executed.</param>
/// <param name="Faults">Faults by how they ended.</param>
/// <param name="Processes">The processes by name, ended ones too (of a name used twice, the latest).</param>
/// <param name="Objects">Objects that exist now.</param>
/// <param name="LongestChain">Objects in the longest chain of shadows now, the object at its end included.</param>
/// <param name="Collapses">Objects merged into their sole shadower.</param>
/// <param name="Bypasses">Objects taken out of a chain that others still use.</param>
/// <param name="Frames">Page frames by their use now.</param>
/// <param name="Swap">Swap slots.</param>
/// <param name="Tlb">The TLBs of all CPUs.</param>
public sealed record RunStatistics(
    long Operations,
    FaultStatistics Faults,
    ImmutableArray<ProcessStatistics> Processes,
    int Objects,
    int LongestChain,
    long Collapses,
    long Bypasses,
    FrameStatistics Frames,
    SwapStatistics Swap,
    TlbStatistics Tlb)
{
    /// <summary>Takes the statistics of <paramref name="machine"/> as it is now.</summary>
    public static RunStatistics Take(KernelScriptMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        VmSystem vm = machine.Kernel.Vm;
        VmCounters counters = vm.Counters;
        VmPages pages = vm.Pages;
        return new RunStatistics(
            machine.OperationCount,
            new FaultStatistics(
                counters.ZeroFill,
                counters.ReadZero,
                counters.CopyOnWrite,
                counters.Reuse,
                counters.PageIn,
                counters.Protection,
                counters.Unmapped,
                counters.Other),
            [.. machine.Processes.OrderBy(process => process.Key, StringComparer.Ordinal).Select(process => Of(process.Key, process.Value))],
            vm.Objects.Count,
            vm.Objects.All.Select(ChainLength).DefaultIfEmpty().Max(),
            counters.Collapses,
            counters.Bypasses,
            new FrameStatistics(
                pages.TotalCount, pages.FreeCount, pages.ActiveCount, pages.InactiveCount, pages.WiredCount, pages.TableCount),
            new SwapStatistics(0, 0),
            Tlbs(machine));
    }

    private static ProcessStatistics Of(string name, Process process) => new(
        name,
        process.Space.MinorFaults,
        process.Space.MajorFaults,
        process.IsAlive ? process.Space.Pmap.ResidentCount : 0,
        process.IsAlive ? process.Space.Map.Count : 0);

    private static int ChainLength(VmObject top)
    {
        int length = 0;
        for (VmObject? each = top; each is not null; each = each.Shadow)
        {
            length++;
        }

        return length;
    }

    private static TlbStatistics Tlbs(KernelScriptMachine machine)
    {
        long accesses = machine.FetchCount;
        long misses = 0;
        long shootdowns = 0;
        foreach (Cpu cpu in machine.Kernel.Vm.Machine.Cpus)
        {
            accesses += cpu.Counters.BlockAccesses;
            misses += cpu.Counters.SecondLevelMisses;
            shootdowns += cpu.Counters.Shootdowns;
        }

        return new TlbStatistics(accesses - misses, misses, shootdowns);
    }
}

/// <summary>Faults by how they ended.</summary>
/// <param name="ZeroFill">In a fresh page of zeros.</param>
/// <param name="ReadZero">In the shared page of zeros.</param>
/// <param name="CopyOnWrite">In a copy.</param>
/// <param name="Reuse">In a page that was resident.</param>
/// <param name="PageIn">In a page that a pager brought.</param>
/// <param name="Protection">Refused for want of rights.</param>
/// <param name="Unmapped">Refused as nothing is mapped there, or the file has ended.</param>
/// <param name="Other">Refused for other reasons.</param>
public sealed record FaultStatistics(
    long ZeroFill, long ReadZero, long CopyOnWrite, long Reuse, long PageIn, long Protection, long Unmapped, long Other);

/// <summary>One process.</summary>
/// <param name="Name">Its name in the script.</param>
/// <param name="MinorFaults">Faults that needed no pager.</param>
/// <param name="MajorFaults">Faults that waited for one.</param>
/// <param name="ResidentPages">Pages that its tables map; 0 once it has ended.</param>
/// <param name="Entries">Entries of its map; 0 once it has ended.</param>
public sealed record ProcessStatistics(string Name, long MinorFaults, long MajorFaults, long ResidentPages, int Entries);

/// <summary>Page frames by their use.</summary>
/// <param name="Total">All.</param>
/// <param name="Free">On the free list.</param>
/// <param name="Active">On the active queue.</param>
/// <param name="Inactive">On the inactive queue.</param>
/// <param name="Wired">Pages that are wired.</param>
/// <param name="PageTables">In page tables.</param>
public sealed record FrameStatistics(long Total, long Free, long Active, long Inactive, long Wired, long PageTables);

/// <summary>Swap slots.</summary>
/// <param name="Total">All.</param>
/// <param name="Used">Those that hold a page.</param>
public sealed record SwapStatistics(long Total, long Used);

/// <summary>Look-ups of the TLBs, one a page that an operation touches.</summary>
/// <param name="Hits">Found in some level.</param>
/// <param name="Misses">Walked for.</param>
/// <param name="Shootdowns">Invalidations that another CPU asked for.</param>
public sealed record TlbStatistics(long Hits, long Misses, long Shootdowns);
