using BsdVm.Traces;

namespace BsdVm.Lab;

/// <summary>One trace, lived once by a machine, and through all structures in the same pass.</summary>
internal sealed partial class TraceReplay
{
    private const int BatchLength = 16384;

    private readonly CompareRequest _request;
    private readonly TraceSource _input;
    private readonly Func<double> _clock;
    private readonly Action<long, long?>? _progress;
    private readonly SortedDictionary<string, long> _calls = new(StringComparer.Ordinal);
    private readonly PmapBackend _narrowest;
    private StructureSet _structures = null!;
    private ReplayMachine _machine = null!;
    private ulong _machineLimit;
    private long _mismatches;
    private double _parseSeconds;
    private double _simulateSeconds;

    public TraceReplay(CompareRequest request, TraceSource input, Func<double> clock, Action<long, long?>? progress)
    {
        _request = request;
        _input = input;
        _clock = clock;
        _progress = progress;

        // Every structure that is not folded must hold every address as it is.
        _narrowest = request.Backends.Where(backend => !request.Fold || !Folding.IsFor(backend))
            .MinBy(static backend => backend.Capabilities.UserLimit) ?? new ReferenceBackend();
    }

    public CompareRun Run()
    {
        IReadOnlyList<MemoryMapEntry>? maps = _input.MapsPath is null ? null : MemoryMapFile.Read(_input.MapsPath);
        using TraceReader reader = _input.Content is { } content
            ? TraceReader.Open(content(), _input.Name ?? "trace", _input.Format)
            : TraceReader.Open(_input.Path!, _input.Format);
        PmapBackend backend = MachineBackend(mayStartAgain: reader.LengthBytes is not null);
        _machineLimit = backend.Capabilities.UserLimit;
        _machine = new ReplayMachine(backend, _request.Tlb, _request.FrameCount, _request.PromotesLargePages, maps ?? reader.InitialMaps);
        _structures = new StructureSet(_request.Backends, _request.Fold, _machine.System.Pmaps, _machine.Touched);
        try
        {
            Replay(reader);
            CheckChildren();
            return Summarize(reader);
        }
        catch (InvalidDataException e)
        {
            throw TraceFormatException.Whole(reader.Name, e.Message, e);
        }
    }

    // The machine itself lives on one of the structures where one will do: wide enough, with bits that hardware keeps, and of a size that
    // does not follow from the model's frames. Otherwise on a dictionary with the width that is needed. It always has address-space tags
    // and can refuse fetches: what the TLBs miss and what the kernel does must not depend on the structures that are compared.
    private PmapBackend MachineBackend(bool mayStartAgain) =>
        _request.Backends.FirstOrDefault(backend => backend.Capabilities is
        {
            HardwareReferenced: true,
            HardwareModified: true,
            SizedByFrames: false,
            TagBits: > 0,
            NoExecute: true,
        } && backend.Capabilities.UserLimit >= _narrowest.Capabilities.UserLimit)
        ?? (_request.Machine is { } machine
            && (mayStartAgain || machine.Capabilities.UserLimit >= _narrowest.Capabilities.UserLimit) ? machine : null)
        ?? new ReferenceBackend(new ReferenceBackend().Capabilities with
        {
            VirtualAddressBits = _narrowest.Capabilities.VirtualAddressBits,
            UserLimit = _narrowest.Capabilities.UserLimit,
            TagBits = 12,
        });

    // The next batch is read on another thread while this one is lived.
    private void Replay(TraceReader reader)
    {
        var buffer = new TraceAccess[BatchLength];
        var ahead = new TraceAccess[BatchLength];
        Task<TraceBatch> reading = ReadInto(reader, buffer);
        int process = 0;
        try
        {
            while (true)
            {
                double start = _clock();
                TraceBatch batch = reading.GetAwaiter().GetResult();
                double read = _clock();
                _parseSeconds += read - start;
                if (batch.IsEnd)
                {
                    break;
                }

                (buffer, ahead) = (ahead, buffer);
                reading = ReadInto(reader, buffer);
                process = Live(batch, ahead.AsSpan(0, batch.Count), process);
                _simulateSeconds += _clock() - read;
                _progress?.Invoke(reader.BytesRead, reader.LengthBytes);
            }
        }
        finally
        {
            // Nobody may close the file while it is read. What reading found wrong behind the failure does not matter.
            Task.WaitAny(reading);
        }
    }

    private static Task<TraceBatch> ReadInto(TraceReader reader, TraceAccess[] buffer) => Task.Run(() => reader.Read(buffer));

    private int Live(TraceBatch batch, ReadOnlySpan<TraceAccess> accesses, int process)
    {
        if (batch.Count > 0)
        {
            process = SwitchTo(batch.Process, process);
            CheckWidth(accesses);
            Perform(accesses);
        }

        if (batch.Call is { } call)
        {
            Perform(call);
            process = -1;
        }

        return process;
    }

    private int SwitchTo(int wanted, int current)
    {
        if (wanted != current)
        {
            _machine.Switch(wanted);
            _structures.Switch();
        }

        return wanted;
    }

    private void Perform(TraceCall call)
    {
        _calls[call.Name] = _calls.GetValueOrDefault(call.Name) + 1;
        bool isFork = call is ForkCall { IsThread: false } && !call.Result.IsFailure;
        ChildSource? child = call is ForkCall { IsThread: false, Child: < 0 } fork ? TakeChild(fork) : null;
        if (child is not null)
        {
            call = (ForkCall)call with { Child = ++_lastChild };
        }

        _structures.Phase = isFork ? ReplayPhase.Fork : call is ExitCall or ExecveCall ? ReplayPhase.Exit : ReplayPhase.Running;
        _mismatches += _machine.Perform(call) ? 0 : 1;
        _structures.Phase = ReplayPhase.Running;
        _structures.Switch();
        if (isFork)
        {
            _structures.NoteFork();
        }

        if (child is not null)
        {
            Replay(child, _lastChild);
        }
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
        VirtualAddress second = (access.Address.Page + 1).Address;
        _machine.TouchSecondPage(second, needed);
        if (needed == AccessKind.Write)
        {
            _structures.Written.Add(second.Page.Value);
        }
    }

    private void CheckWidth(ReadOnlySpan<TraceAccess> accesses)
    {
        ulong limit = Math.Min(_narrowest.Capabilities.UserLimit, _machineLimit);
        foreach (ref readonly TraceAccess access in accesses)
        {
            if (access.Address.Value >= limit)
            {
                throw access.Address.Value >= _narrowest.Capabilities.UserLimit
                    ? new AddressTooWideException(_narrowest.Name, access.Address)
                    : new MachineTooNarrowException();
            }
        }
    }

    private CompareRun Summarize(TraceReader reader)
    {
        double start = _clock();
        IReadOnlyList<StructureSummary> structures = _structures.Summarize(_request.Cost);
        _simulateSeconds += _clock() - start;
        TraceCounts counts = Sum(reader.Counts, _childCounts);
        var trace = new TraceSummary(
            _input.Name ?? reader.Name, reader.Sha256, counts.Accesses, counts.InstructionFetches, counts.Loads, counts.Stores,
            counts.Modifies,
            counts.PageTouches, _machine.Touched.Count, _structures.Written.Count, _machine.Unmapped, _machine.ProtectionFaults,
            _machine.StackGrowthPages, _machine.MappedPages, _calls, _mismatches)
        {
            Superblocks = reader.Superblocks + _childSuperblocks,
            Children = _childSummaries.Count > 0 ? _childSummaries : null,
        };
        CpuCounters cpu = _machine.Cpu.Counters;
        var tlb = new TlbSummary(
            _request.Tlb.ToString(), cpu.InstructionMisses, cpu.DataMisses, cpu.SecondLevelMisses, cpu.SecondLevelMisses,
            _structures.MissesByPageSize, (long)(_machine.Cpu.Tlb.Second ?? _machine.Cpu.Tlb.Data).ReachBytes);
        VmCounters vm = _machine.System.Counters;
        var faults = new FaultSummary(
            vm.ZeroFill, vm.ReadZero, vm.CopyOnWrite, vm.PageIn, vm.Reuse + vm.Protection + vm.Unmapped + vm.Other);
        double seconds = _parseSeconds + _simulateSeconds;
        return new CompareRun(
            trace, tlb, faults, _structures.Frames, structures,
            new TimeSummary(_parseSeconds, _simulateSeconds, seconds > 0 ? counts.Accesses / seconds : 0));
    }
}
