namespace BsdVm.Lab;

/// <summary>One trace through all structures in one pass: the first that is wide enough is the machine's own, the others are kept in step.</summary>
internal sealed class TraceReplay : IWalkObserver, IPmapObserver
{
    private readonly CompareRequest _request;
    private readonly CompareInput _input;
    private readonly Func<double> _clock;
    private readonly Action<long, long?>? _progress;
    private readonly PageSet _written = new();
    private readonly SortedDictionary<string, long> _calls = new(StringComparer.Ordinal);
    private TableReplica?[] _replicas = [];
    private StructureProbe _own = null!;
    private PmapBackend _widest = null!;
    private Pmap _pmap = null!;
    private ReplayMachine _machine = null!;
    private long _mismatches;
    private double _parseSeconds;
    private double _simulateSeconds;

    public TraceReplay(CompareRequest request, CompareInput input, Func<double> clock, Action<long, long?>? progress)
    {
        _request = request;
        _input = input;
        _clock = clock;
        _progress = progress;
    }

    public CompareRun Run()
    {
        IReadOnlyList<MemoryMapEntry>? maps = _input.MapsPath is null ? null : MemoryMapFile.Read(_input.MapsPath);
        using TraceReader reader = _input.Content is { } content
            ? TraceReader.Open(content(), _input.Name ?? "trace", _input.Format)
            : TraceReader.Open(_input.Path!, _input.Format);
        Build(maps ?? reader.InitialMaps);
        try
        {
            Replay(reader);
        }
        catch (InvalidDataException e)
        {
            throw TraceFormatException.Whole(reader.Name, e.Message, e);
        }

        return Summarize(reader);
    }

    /// <inheritdoc/>
    public void Walked(VirtualAddress address, AccessKind access, bool isMiss)
    {
        if (access == AccessKind.Write)
        {
            _written.Add(address.Value >> PageSize.Base.Shift);
        }

        _own.NoteWalk(isMiss);
        foreach (TableReplica? replica in _replicas)
        {
            replica?.Walk(_pmap, address, access, isMiss);
        }
    }

    /// <inheritdoc/>
    public void Entered(Pmap pmap, in PmapMapping mapping)
    {
        _own.NoteMapped(1);
        foreach (TableReplica? replica in _replicas)
        {
            replica?.Enter(pmap, in mapping);
        }
    }

    /// <inheritdoc/>
    public void Changed(Pmap pmap, in PmapMapping mapping)
    {
        foreach (TableReplica? replica in _replicas)
        {
            replica?.Change(pmap, in mapping);
        }
    }

    /// <inheritdoc/>
    public void Removed(Pmap pmap, VirtualAddress address)
    {
        _own.NoteMapped(-1);
        foreach (TableReplica? replica in _replicas)
        {
            replica?.Remove(pmap, address);
        }
    }

    /// <inheritdoc/>
    public void Destroyed(Pmap pmap)
    {
        foreach (TableReplica? replica in _replicas)
        {
            replica?.Destroy(pmap);
        }
    }

    private void Build(IReadOnlyList<MemoryMapEntry>? maps)
    {
        _widest = _request.Backends.MaxBy(static backend => backend.Capabilities.UserLimit)!;
        _machine = new ReplayMachine(_widest, _request.Tlb, _request.FrameCount, maps);
        _own = new StructureProbe(_machine.System.Pmaps, _machine.Cpu.Mmu, isFolded: false);
        _replicas = [.. _request.Backends.Select(ReplicaOf)];
        _machine.Cpu.WalkObserver = this;
        _machine.System.Pmaps.Observer = this;
        _pmap = _machine.System.Pmaps.LoadedOn(_machine.Cpu)!;
    }

    private TableReplica? ReplicaOf(PmapBackend backend)
    {
        if (ReferenceEquals(backend, _widest))
        {
            return null;
        }

        bool isNarrower = backend.Capabilities.UserLimit < _widest.Capabilities.UserLimit;
        return new TableReplica(backend, _request.FrameCount, isNarrower && _request.Fold ? new Folding(backend.Capabilities.UserLimit) : null);
    }

    private void Replay(TraceReader reader)
    {
        var buffer = new TraceAccess[4096];
        int process = 0;
        while (true)
        {
            double start = _clock();
            TraceBatch batch = reader.Read(buffer);
            double read = _clock();
            _parseSeconds += read - start;
            if (batch.IsEnd)
            {
                break;
            }

            if (batch.Count > 0)
            {
                process = SwitchTo(batch.Process, process);
                ReadOnlySpan<TraceAccess> accesses = buffer.AsSpan(0, batch.Count);
                CheckWidth(accesses);
                Perform(accesses);
            }

            if (batch.Call is { } call)
            {
                _calls[call.Name] = _calls.GetValueOrDefault(call.Name) + 1;
                _mismatches += _machine.Perform(call) ? 0 : 1;
                _pmap = _machine.System.Pmaps.LoadedOn(_machine.Cpu)!;
                process = -1;
            }

            _simulateSeconds += _clock() - read;
            _progress?.Invoke(reader.BytesRead, reader.LengthBytes);
        }
    }

    private int SwitchTo(int wanted, int current)
    {
        if (wanted != current)
        {
            _machine.Switch(wanted);
            _pmap = _machine.System.Pmaps.LoadedOn(_machine.Cpu)!;
        }

        return wanted;
    }

    private void Perform(ReadOnlySpan<TraceAccess> accesses)
    {
        Cpu cpu = _machine.Cpu;
        foreach (ref readonly TraceAccess access in accesses)
        {
            TraceAccessKind kind = access.Kind;
            // A modify needs what a store needs: the machines here let nothing be written that cannot be read.
            AccessKind needed = kind == TraceAccessKind.Modify ? AccessKind.Write : (AccessKind)kind;
            cpu.Access(access.Address, needed, out _);
            if (access.StraddlesPage)
            {
                TouchSecondPage(access, needed);
            }
        }
    }

    private void TouchSecondPage(in TraceAccess access, AccessKind needed)
    {
        var second = new VirtualAddress((access.Address.Value | PageSize.Base.OffsetMask) + 1);
        _machine.TouchSecondPage(second, needed);
        if (needed == AccessKind.Write)
        {
            _written.Add(second.Value >> PageSize.Base.Shift);
        }
    }

    // Without folding, every structure must hold every address as it is.
    private void CheckWidth(ReadOnlySpan<TraceAccess> accesses)
    {
        PmapBackend narrowest = _request.Backends.MinBy(static backend => backend.Capabilities.UserLimit)!;
        ulong limit = _request.Fold ? _widest.Capabilities.UserLimit : narrowest.Capabilities.UserLimit;
        foreach (ref readonly TraceAccess access in accesses)
        {
            if (access.Address.Value >= limit)
            {
                throw new AddressTooWideException((_request.Fold ? _widest : narrowest).Name, access.Address);
            }
        }
    }

    private CompareRun Summarize(TraceReader reader)
    {
        TraceCounts counts = reader.Counts;
        long distinct = _machine.Touched.Count;
        var trace = new TraceSummary(
            _input.Name ?? reader.Name, reader.Sha256, counts.Accesses, counts.InstructionFetches, counts.Loads, counts.Stores, counts.Modifies,
            counts.PageTouches, distinct, _written.Count, _machine.Unmapped, _machine.ProtectionFaults, _machine.StackGrowthPages,
            _machine.MappedPages, _calls, _mismatches);
        CpuCounters cpu = _machine.Cpu.Counters;
        var tlb = new TlbSummary(_request.Tlb.ToString(), cpu.InstructionMisses, cpu.DataMisses, cpu.SecondLevelMisses, cpu.SecondLevelMisses);
        VmCounters vm = _machine.System.Counters;
        var faults = new FaultSummary(
            vm.ZeroFill, vm.ReadZero, vm.CopyOnWrite, vm.PageIn, vm.Reuse + vm.Protection + vm.Unmapped + vm.Other);
        double seconds = _parseSeconds + _simulateSeconds;
        return new CompareRun(
            trace, tlb, faults, Structures(distinct),
            new TimeSummary(_parseSeconds, _simulateSeconds, seconds > 0 ? counts.Accesses / seconds : 0));
    }

    private List<StructureSummary> Structures(long distinct)
    {
        long radix = RadixBytes();
        return [.. _replicas.Select(replica => (replica?.Probe ?? _own).Summarize(distinct, radix, _request.Cost))];
    }

    // The closed form of a tree of four levels of 512 entries over the pages touched.
    private long RadixBytes()
    {
        long tables = 1;
        for (int shift = 9; shift <= 27; shift += 9)
        {
            tables += _machine.Touched.Pages.Select(page => page >> shift).Distinct().LongCount();
        }

        return tables << PageSize.Base.Shift;
    }
}
