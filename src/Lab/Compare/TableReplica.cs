namespace BsdVm.Lab;

/// <summary>
/// A table structure that is kept in step with the machine's own: it replays every call of the pmap contract on tables in a memory of its
/// own, and really performs every walk there.
/// </summary>
internal sealed class TableReplica
{
    private const int TableFrameCount = 1 << 22;
    private const int NarrowFrameCount = 1 << 20;

    private static readonly TlbSpecification NoTlb = new(new(1, 1), new(1, 1), default, TlbReplacement.Lru);

    private readonly PmapBackend _backend;
    private readonly Folding? _folding;
    private readonly int _frameCount;
    private Dictionary<int, Pmap> _copies = [];
    private PmapSystem _pmaps;
    private Mmu _mmu;
    private int _frames;

    /// <summary>Empty tables.</summary>
    /// <param name="backend">What they are.</param>
    /// <param name="folding">Where addresses go; null leaves them.</param>
    /// <param name="frameCount">How many frames can be mapped at most.</param>
    /// <param name="frames">How many are in use, for structures whose size follows from that.</param>
    public TableReplica(PmapBackend backend, Folding? folding, int frameCount, int frames)
    {
        _backend = backend;
        _folding = folding;
        _frameCount = frameCount;
        _frames = frames;
        (_pmaps, _mmu) = CreateTables();
        Probe = new StructureProbe(backend.Name, folding is not null);
    }

    public StructureProbe Probe { get; }

    public PmapSystem Pmaps => _pmaps;

    /// <summary>The tables of any process that is left; null where none is.</summary>
    public IEnumerable<Pmap> Copies => _copies.Values;

    /// <summary>Makes the walks, in order.</summary>
    public void Walk(Pmap original, ReadOnlySpan<PendingWalk> walks)
    {
        Activate(original);
        WalkStatistics statistics = Probe.Walks;
        foreach (ref readonly PendingWalk walk in walks)
        {
            VirtualAddress place = _folding is null ? walk.Address : _folding.Fold(walk.Address);
            bool done = _mmu.TryWalk(place, walk.Access, PrivilegeMode.User, out _, out MachineFault fault);
            statistics.Note(_mmu.Walks.Last, walk.IsMiss);
            if (!done)
            {
                RecordUse(original, place, in fault);
            }
        }
    }

    /// <summary>Makes a walk that faulted on the machine.</summary>
    public void Fault(Pmap original, in MachineFault fault)
    {
        Activate(original);
        VirtualAddress place = _folding is null ? fault.Address : _folding.Fold(fault.Address);

        // A machine that cannot refuse fetches, say, does not fault here.
        if (!_mmu.TryWalk(place, fault.Access, PrivilegeMode.User, out _, out _))
        {
            Probe.FaultingWalks++;
        }
    }

    /// <summary>Performs a call on the copy of its pmap.</summary>
    public void Perform(Pmap original, in PmapCall call, FrameNumbering numbers, ReplayPhase phase)
    {
        Pmap copy = CopyOf(original);
        switch (call.Kind)
        {
            case PmapCallKind.Enter:
                Enter(copy, PlaceOf(call.Range.Start), numbers[call.Frame], call.Rights, call.Access, call.Wired);
                Probe.NoteCall(call, phase, _pmaps.Counters);
                break;
            case PmapCallKind.ChangeWiring:
                copy.ChangeWiring(PlaceOf(call.Range.Start), call.Wired);
                break;
            case PmapCallKind.Collect:
                copy.Collect();
                break;
            default:
                ChangeRange(copy, call, phase);
                break;
        }

        _pmaps.Update();
    }

    public void Destroy(Pmap original)
    {
        if (_copies.Remove(original.Id, out Pmap? copy))
        {
            _pmaps.Destroy(copy);
        }
    }

    /// <summary>Moves to tables for more frames, where the structure's size follows from that. Not counted: the model knows the frames beforehand.</summary>
    public void Resize(int frames)
    {
        _frames = frames;
        if (!_backend.Capabilities.SizedByFrames)
        {
            return;
        }

        Dictionary<int, Pmap> old = _copies;
        _copies = [];
        (_pmaps, _mmu) = CreateTables();
        foreach ((int id, Pmap copy) in old.OrderBy(static pair => pair.Key))
        {
            Pmap target = Create(id);
            foreach (PmapMapping mapping in copy.Mappings(new AddressRange(new(0), _backend.Capabilities.UserLimit)))
            {
                Enter(target, mapping.Address, mapping.Frame, mapping.Rights, UseOf(mapping.Flags), (mapping.Flags & PmapFlags.Wired) != 0);
            }
        }

        Probe.NoteSize(_pmaps.Counters);
    }

    private static AccessKind? UseOf(PmapFlags flags) =>
        (flags & PmapFlags.Modified) != 0 ? AccessKind.Write : (flags & PmapFlags.Referenced) != 0 ? AccessKind.Read : null;

    private (PmapSystem Pmaps, Mmu Mmu) CreateTables()
    {
        int memory = _backend.Capabilities.PhysicalAddressBits > 34 ? TableFrameCount : NarrowFrameCount;
        var machine = new Machine((ulong)memory, 1, NoTlb, _backend.CreateMmu);
        int managed = _backend.Capabilities.SizedByFrames ? _frames : _frameCount;
        return (new PmapSystem(machine, _backend, new TableFrameStack((ulong)memory), managed), machine.Cpus[0].Mmu);
    }

    private void Activate(Pmap original) => _pmaps.Activate(CopyOf(original), _pmaps.Machine.Cpus[0]);

    // Hardware that keeps no modified bit traps on the first store to a page, so that software can record it.
    private void RecordUse(Pmap original, VirtualAddress place, in MachineFault fault)
    {
        var page = new VirtualAddress(place.Value & ~PageSize.Base.OffsetMask);
        if (!CopyOf(original).TryExtract(page, out PmapMapping mapping) || !mapping.Rights.Allows(fault.Access.Right()))
        {
            throw Difference(place, "the translation that the machine has", $"{fault.Reason}");
        }

        Enter(CopyOf(original), page, mapping.Frame, mapping.Rights, fault.Access, (mapping.Flags & PmapFlags.Wired) != 0);
        _pmaps.Update();
        Probe.ModifyTraps++;
        if (!_mmu.TryWalk(place, fault.Access, PrivilegeMode.User, out _, out MachineFault again))
        {
            throw Difference(place, "a translation once the use is recorded", $"{again.Reason}");
        }
    }

    private void ChangeRange(Pmap copy, in PmapCall call, ReplayPhase phase)
    {
        foreach (AddressRange range in _folding is null ? [call.Range] : _folding.Pieces(call.Range))
        {
            if (call.Kind == PmapCallKind.Protect)
            {
                copy.Protect(range, call.Rights);
            }
            else
            {
                copy.Remove(range);
            }

            Probe.NoteCall(call, phase, _pmaps.Counters);
            if (call.AsksForEmptyTable(phase))
            {
                Probe.QueryEmpty(copy, range.Start);
            }
        }
    }

    private void Enter(Pmap copy, VirtualAddress place, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
    {
        if (copy.Enter(place, frame, rights, access, wired) != PmapStatus.Success)
        {
            throw OutOfFrames();
        }
    }

    private VirtualAddress PlaceOf(VirtualAddress address) => _folding?.Fold(address) ?? address;

    private Pmap CopyOf(Pmap original) => _copies.TryGetValue(original.Id, out Pmap? copy) ? copy : Create(original.Id);

    private Pmap Create(int id)
    {
        if (!_pmaps.TryCreate(out Pmap? copy))
        {
            throw OutOfFrames();
        }

        _copies.Add(id, copy);
        Probe.NoteSize(_pmaps.Counters);
        return copy;
    }

    private InvalidDataException OutOfFrames() => new($"{_backend.Name} needs more table frames than the model has");

    private InvariantViolationException Difference(VirtualAddress place, string expected, string actual) =>
        new("REPLICA", $"{_backend.Name} at {place}", expected, actual);
}
