using BsdVm.Traces;

namespace BsdVm.Lab;

/// <content>
/// Children with a log of their own. Logs have no common clock, so that a child lives from its fork to its end before its parent goes on:
/// its log starts from the parent's memory at the fork.
/// </content>
internal sealed partial class TraceReplay
{
    // Above the numbers of processes that a trace in the compact form may have itself.
    private int _lastChild = 1 << 20;
    private readonly List<ChildSummary> _childSummaries = [];
    private readonly HashSet<ChildSource> _childrenMet = [];
    private TraceCounts _childCounts;
    private long _childSuperblocks;

    private static TraceCounts Sum(TraceCounts one, TraceCounts other) => new(
        one.InstructionFetches + other.InstructionFetches, one.Loads + other.Loads, one.Stores + other.Stores,
        one.Modifies + other.Modifies,
        one.StraddlingAccesses + other.StraddlingAccesses, one.Calls + other.Calls);

    private ChildSource? TakeChild(ForkCall fork)
    {
        if (fork.Result.Outcome != CallOutcome.Success)
        {
            return null;
        }

        ChildSource? child = _input.Children.FirstOrDefault(each =>
                each.ProcessId == (int)fork.Result.Value && !_childrenMet.Contains(each))
            ?? _input.Children.FirstOrDefault(each => each.ProcessId is null && !_childrenMet.Contains(each));
        if (child is not null)
        {
            _childrenMet.Add(child);
        }

        return child;
    }

    private void Replay(ChildSource child, int process)
    {
        using TraceReader reader = TraceReader.OpenChild(child.Path, process);
        Replay(reader);
        _structures.Phase = ReplayPhase.Exit;
        _machine.End(process);
        _structures.Phase = ReplayPhase.Running;
        _structures.Switch();
        _childCounts = Sum(_childCounts, reader.Counts);
        _childSuperblocks += reader.Superblocks;
        _childSummaries.Add(new ChildSummary(reader.Name, reader.Sha256, reader.Counts.Accesses));
    }

    private void CheckChildren()
    {
        if (_input.Children.FirstOrDefault(each => !_childrenMet.Contains(each)) is { } missed)
        {
            string which = missed.ProcessId is { } id ? $"no fork made process {id}" : "no fork is left for a child";
            throw new InvalidDataException($"{which}, whose log is {missed.Path}");
        }
    }
}
