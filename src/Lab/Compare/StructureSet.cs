namespace BsdVm.Lab;

/// <summary>
/// All structures of a comparison: one that the machine itself may use, and replicas that make the same calls and walks. Walks are
/// collected and handed on in blocks, before anything changes in the tables.
/// </summary>
internal sealed class StructureSet : IWalkObserver, IPmapObserver
{
    private const int BlockLength = 1024;
    private const int LeastFrames = 16;

    private readonly PmapSystem _machine;
    private readonly Mmu _mmu;
    private readonly PageSet _touched;
    private readonly StructureProbe?[] _own;
    private readonly TableReplica?[] _replicas;
    private readonly TableReplica[] _others;
    private readonly FrameNumbering _numbers;
    private readonly PendingWalk[] _pending = new PendingWalk[BlockLength];
    private Pmap _current;
    private int _pendingCount;

    /// <param name="backends">The structures; the one that <paramref name="machine"/> uses is measured there.</param>
    /// <param name="fold">Whether to fold addresses for those that are narrower than the machine's.</param>
    /// <param name="machine">The machine's own pmaps.</param>
    /// <param name="touched">The virtual pages touched so far.</param>
    public StructureSet(IReadOnlyList<PmapBackend> backends, bool fold, PmapSystem machine, PageSet touched)
    {
        _machine = machine;
        _mmu = machine.Machine.Cpus[0].Mmu;
        _touched = touched;
        _current = machine.LoadedOn(machine.Machine.Cpus[0])!;
        int frameCount = machine.ManagedFrames;
        _numbers = new FrameNumbering(frameCount);
        ulong widest = machine.Backend.Capabilities.UserLimit;
        _own = [.. backends.Select(backend => ReferenceEquals(backend, machine.Backend) ? new StructureProbe(backend.Name, isFolded: false) : null)];
        _replicas = [.. backends.Select(backend => ReferenceEquals(backend, machine.Backend) ? null : Replica(backend))];
        _others = [.. _replicas.OfType<TableReplica>()];
        Own = _own.FirstOrDefault(static probe => probe is not null);
        Own?.NoteSize(machine.Counters);
        machine.Observer = this;
        machine.Machine.Cpus[0].WalkObserver = this;

        TableReplica Replica(PmapBackend backend)
        {
            ulong limit = backend.Capabilities.UserLimit;
            return new TableReplica(backend, fold && limit < widest ? new Folding(limit) : null, frameCount, LeastFrames);
        }
    }

    /// <summary>Virtual pages that were stored to.</summary>
    public PageSet Written { get; } = new();

    /// <summary>What the program is doing.</summary>
    public ReplayPhase Phase { get; set; }

    /// <summary>The frames that tables are sized for: the power of two at or above twice the pages touched, and above the frames mapped.</summary>
    public int Frames { get; private set; } = LeastFrames;

    private StructureProbe? Own { get; }

    /// <inheritdoc/>
    public void Walked(VirtualAddress address, AccessKind access, bool isMiss)
    {
        if (access == AccessKind.Write)
        {
            Written.Add(address.Value >> PageSize.Base.Shift);
        }

        Own?.Walks.Note(_mmu.Walks.Last, isMiss);
        if (_others.Length > 0)
        {
            _pending[_pendingCount++] = new(address, access, isMiss);
            if (_pendingCount == BlockLength)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    public void Faulted(in MachineFault fault)
    {
        Flush();
        if (Own is not null)
        {
            Own.FaultingWalks++;
        }

        foreach (TableReplica replica in _others)
        {
            replica.Fault(_current, in fault);
        }
    }

    /// <inheritdoc/>
    public void Called(Pmap pmap, in PmapCall call)
    {
        Flush();
        if (Own is not null)
        {
            NoteOwnCall(pmap, call);
        }

        if (call.Kind == PmapCallKind.Enter)
        {
            Grow(call.Frame);
        }

        foreach (TableReplica replica in _others)
        {
            replica.Perform(pmap, in call, _numbers, Phase);
        }
    }

    /// <inheritdoc/>
    public void Destroyed(Pmap pmap)
    {
        Flush();
        Own?.NotePhase(ReplayPhase.Exit);
        foreach (TableReplica replica in _others)
        {
            replica.Probe.NotePhase(ReplayPhase.Exit);
            replica.Destroy(pmap);
        }
    }

    /// <summary>Another process runs from here on.</summary>
    public void Switch()
    {
        Flush();
        _current = _machine.LoadedOn(_machine.Machine.Cpus[0])!;
    }

    /// <summary>A process was forked.</summary>
    public void NoteFork()
    {
        Own?.NotePhase(ReplayPhase.Fork);
        foreach (TableReplica replica in _others)
        {
            replica.Probe.NotePhase(ReplayPhase.Fork);
        }
    }

    /// <summary>Makes the walks that are still to be made.</summary>
    public void Flush()
    {
        if (_pendingCount == 0)
        {
            return;
        }

        ReadOnlySpan<PendingWalk> walks = _pending.AsSpan(0, _pendingCount);
        foreach (TableReplica replica in _others)
        {
            replica.Walk(_current, walks);
        }

        _pendingCount = 0;
    }

    /// <summary>What each structure cost, in the order in which they were asked for.</summary>
    public IReadOnlyList<StructureSummary> Summarize(CostModel cost)
    {
        Flush();
        long radix = RadixBytes();
        return
        [
            .. _own.Zip(_replicas, (probe, replica) => replica is null
                ? probe!.Summarize(_machine.Counters, _machine.Pmaps, Frames, radix, cost)
                : replica.Probe.Summarize(replica.Pmaps.Counters, replica.Copies, Frames, radix, cost)),
        ];
    }

    /// <inheritdoc/>
    public void Entered(Pmap pmap, in PmapMapping mapping)
    {
    }

    /// <inheritdoc/>
    public void Changed(Pmap pmap, in PmapMapping mapping)
    {
    }

    /// <inheritdoc/>
    public void Removed(Pmap pmap, VirtualAddress address)
    {
    }

    private void NoteOwnCall(Pmap pmap, in PmapCall call)
    {
        if (call.Kind <= PmapCallKind.Protect)
        {
            Own!.NoteCall(call, Phase, _machine.Counters);
        }

        if (call.AsksForEmptyTable(Phase))
        {
            Own!.QueryEmpty(pmap, call.Range.Start);
        }
    }

    private void Grow(PageFrameNumber entered)
    {
        _ = _numbers[entered];
        long wanted = Math.Max(2 * _touched.Count, _numbers.Count);
        if (wanted <= Frames)
        {
            return;
        }

        while (Frames < wanted)
        {
            Frames *= 2;
        }

        foreach (TableReplica replica in _others)
        {
            replica.Resize(Frames);
        }
    }

    // The closed form of a tree of four levels of 512 entries over the pages touched.
    private long RadixBytes()
    {
        long tables = 1;
        for (int shift = 9; shift <= 27; shift += 9)
        {
            tables += _touched.Pages.Select(page => page >> shift).Distinct().LongCount();
        }

        return tables << PageSize.Base.Shift;
    }
}
