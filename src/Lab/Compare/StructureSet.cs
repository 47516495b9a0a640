using System.Collections.Immutable;
using System.Numerics;


namespace BsdVm.Lab;

/// <summary>
/// All structures of a comparison: one that the machine itself may use, and replicas that make the same calls and walks. What happens on
/// the machine is collected, and the replicas catch up a block behind, side by side on other threads: they share nothing.
/// </summary>
internal sealed class StructureSet : IWalkObserver, IPmapObserver
{
    private const int LeastFrames = 16;

    // 4 MB, the largest page that any structure promotes to.
    private const int LargestBlockShift = 10;

    private readonly PmapSystem _machine;
    private readonly Mmu _mmu;
    private readonly PageSet _touched;
    private readonly StructureProbe? _own;
    private readonly TableReplica[] _replicas;
    private readonly Func<CostModel, StructureSummary>[] _summaries;
    private readonly FrameNumbering _numbers;
    private readonly long[] _missesByShift = new long[64];
    private Pmap? _loaded;
    private TableEvents _events = new();
    private TableEvents _earlier = new();
    private Task _catchingUp = Task.CompletedTask;

    /// <param name="backends">The structures; the one that <paramref name="machine"/> uses is measured there.</param>
    /// <param name="fold">Whether to fold addresses for those that <see cref="Folding.IsFor"/> tells.</param>
    /// <param name="machine">The machine's own pmaps.</param>
    /// <param name="touched">The virtual pages touched so far.</param>
    public StructureSet(IReadOnlyList<PmapBackend> backends, bool fold, PmapSystem machine, PageSet touched)
    {
        ImmutableArray<int> walkCaches = machine.Machine.Cpus[0].Tlb.Specification.WalkCaches;
        _machine = machine;
        _mmu = machine.Machine.Cpus[0].Mmu;
        _touched = touched;
        _numbers = new FrameNumbering(machine.ManagedFrames, machine.PromotesLargePages ? LargestBlockShift : 0);
        var replicas = new List<TableReplica>();
        _summaries = new Func<CostModel, StructureSummary>[backends.Count];
        for (int i = 0; i < backends.Count; i++)
        {
            PmapBackend backend = backends[i];
            if (ReferenceEquals(backend, machine.Backend))
            {
                _own = new StructureProbe(backend.Name, isFolded: false);
                _summaries[i] = cost => _own.Summarize(machine.Counters, machine.Pmaps, _mmu.WalkCache, Frames, RadixBytes(), cost);
                continue;
            }

            bool folds = fold && Folding.IsFor(backend);
            Folding? folding = folds ? new Folding(backend.Capabilities.UserLimit) : null;
            var replica = new TableReplica(backend, folding, machine.ManagedFrames, walkCaches, machine.PromotesLargePages, LeastFrames);
            replicas.Add(replica);
            _summaries[i] = cost => replica.Summarize(Frames, RadixBytes(), cost);
        }

        _replicas = [.. replicas];
        machine.Observer = this;
        machine.Machine.Cpus[0].WalkObserver = this;
        Switch();
    }

    /// <summary>Virtual pages that were stored to.</summary>
    public PageSet Written { get; } = new();

    /// <summary>What the program is doing.</summary>
    public ReplayPhase Phase { get; set; }

    /// <summary>
    /// The frames that tables are sized for: the power of two at or above twice the pages touched, and above the frames mapped.
    /// </summary>
    public int Frames { get; private set; } = LeastFrames;

    /// <summary>Walks for a TLB miss by the size of the page that they found.</summary>
    public Dictionary<string, long> MissesByPageSize => StructureProbe.BySize(_missesByShift);

    /// <inheritdoc/>
    public void Walked(VirtualAddress address, AccessKind access, bool isMiss)
    {
        if (access == AccessKind.Write)
        {
            Written.Add(address.Page.Value);
        }

        if (isMiss)
        {
            _missesByShift[_mmu.LastPageShift]++;
            _own?.NotePage(_mmu.LastPageShift);
        }

        _own?.NoteWalk(_mmu, isMiss);
        if (_replicas.Length > 0)
        {
            _events.AddWalk(address, access, isMiss);
            HandOnIfFull();
        }
    }

    /// <inheritdoc/>
    public void Faulted(in MachineFault fault)
    {
        if (_own is not null)
        {
            _own.FaultingWalks++;
        }

        Add(new(TableChangeKind.Fault, 0, Fault: fault));
    }

    /// <inheritdoc/>
    public void Called(Pmap pmap, in PmapCall call)
    {
        if (_machine.LoadedOn(_machine.Machine.Cpus[0]) is { } loaded && loaded != _loaded)
        {
            // Another pmap was made and loaded since: it is there before this call, as it is on the machine.
            Switch();
        }

        PmapCall numbered = call;
        if (call.Kind == PmapCallKind.Enter)
        {
            numbered = call with { Frame = _numbers[call.Frame] };
            Grow();
        }

        _own?.NoteCall(pmap, call, Phase);
        Add(new(TableChangeKind.Call, pmap.Id, numbered, Phase));
    }

    /// <inheritdoc/>
    public void Destroyed(Pmap pmap)
    {
        _own?.NotePhase(ReplayPhase.Exit);
        Add(new(TableChangeKind.Destroy, pmap.Id));
    }

    /// <summary>The machine may have loaded another pmap.</summary>
    public void Switch()
    {
        _loaded = _machine.LoadedOn(_machine.Machine.Cpus[0])!;
        Add(new(TableChangeKind.Switch, _loaded.Id));
    }

    /// <summary>A process was forked.</summary>
    public void NoteFork()
    {
        _own?.NotePhase(ReplayPhase.Fork);
        Add(new(TableChangeKind.Fork, 0));
    }

    /// <summary>Lets all structures catch up, and tells what each cost, in the order in which they were asked for.</summary>
    public IReadOnlyList<StructureSummary> Summarize(CostModel cost)
    {
        HandOn();
        _catchingUp.GetAwaiter().GetResult();
        return [.. _summaries.Select(summarize => summarize(cost))];
    }

    private void Grow()
    {
        long wanted = Math.Max(2 * _touched.Count, _numbers.Count);
        if (wanted > Frames)
        {
            Frames = (int)BitOperations.RoundUpToPowerOf2((ulong)wanted);
            Add(new(TableChangeKind.Resize, 0, Frames: Frames));
        }
    }

    private void Add(in TableChange change)
    {
        if (_replicas.Length > 0)
        {
            _events.Add(change);
            HandOnIfFull();
        }
    }

    private void HandOnIfFull()
    {
        if (_events.IsFull)
        {
            HandOn();
        }
    }

    private void HandOn()
    {
        _catchingUp.GetAwaiter().GetResult();
        TableEvents events = _events;
        _events = _earlier;
        _events.Clear();
        _earlier = events;
        _catchingUp = Task.WhenAll(_replicas.Select(replica => Task.Run(() => replica.Play(events))));
    }

    // The closed form of a tree of four levels of 512 entries over the pages touched.
    private long RadixBytes()
    {
        long tables = 1;
        for (int shift = 9; shift <= 27; shift += 9)
        {
            tables += _touched.Pages.Select(page => page >> shift).Distinct().LongCount();
        }

        return tables * (long)PageSize.BaseBytes;
    }
}
