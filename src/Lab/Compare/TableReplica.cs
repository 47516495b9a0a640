using System.Collections.Immutable;

namespace BsdVm.Lab;

/// <summary>
/// A table structure that is kept in step with the machine's own: it replays every call of the pmap contract on tables in a memory of its
/// own, and really performs every walk there.
/// </summary>
internal sealed class TableReplica
{
    private const int TableFrameCount = 1 << 22;
    private const int NarrowFrameCount = 1 << 20;

    private readonly PmapBackend _backend;
    private readonly Folding? _folding;
    private readonly int _frameCount;
    private readonly bool _promotesLargePages;
    private readonly StructureProbe _probe;

    // Only its walk caches are ever used.
    private readonly TlbSpecification _tlb;
    private Dictionary<int, Pmap> _copies = [];
    private PmapSystem _pmaps;
    private Mmu _mmu;
    private Pmap _current = null!;
    private int _frames;

    /// <summary>Empty tables.</summary>
    /// <param name="backend">What they are.</param>
    /// <param name="folding">Where addresses go; null leaves them.</param>
    /// <param name="frameCount">How many frames can be mapped at most.</param>
    /// <param name="walkCaches">Caches of upper levels, as in a TLB specification.</param>
    /// <param name="promotesLargePages">Whether full regions become large pages, where the structure has them.</param>
    /// <param name="frames">How many are in use, for structures whose size follows from that.</param>
    public TableReplica(
        PmapBackend backend, Folding? folding, int frameCount, ImmutableArray<int> walkCaches, bool promotesLargePages, int frames)
    {
        _backend = backend;
        _folding = folding;
        _frameCount = frameCount;
        _promotesLargePages = promotesLargePages;
        _frames = frames;
        _tlb = new(new(1, 1), new(1, 1), default, TlbReplacement.Lru, walkCaches: walkCaches);
        (_pmaps, _mmu) = CreateTables();
        _probe = new StructureProbe(backend.Name, folding is not null);
    }

    /// <summary>Does what happened on the machine, in order.</summary>
    public void Play(TableEvents events)
    {
        for (int i = 0; i < events.Count; i++)
        {
            ulong word = events[i];
            if (TableEvents.IsChange(word))
            {
                Perform(events.ChangeOf(word));
            }
            else
            {
                Walk(PlaceOf(TableEvents.PageOf(word)), TableEvents.AccessOf(word), TableEvents.IsMiss(word));
            }
        }

        // Else a walk could find what a kernel would have taken from the TLB long ago.
        if (_pmaps.HasOwedInvalidations)
        {
            throw new InvariantViolationException("REPLICA", _backend.Name, "no TLB invalidation owed between two events", "some");
        }
    }

    public StructureSummary Summarize(int frames, long radixBytes, CostModel cost) =>
        _probe.Summarize(_pmaps.Counters, _copies.Values, _mmu.WalkCache, frames, radixBytes, cost);

    private static AccessKind? UseOf(PmapFlags flags) =>
        (flags & PmapFlags.Modified) != 0 ? AccessKind.Write : (flags & PmapFlags.Referenced) != 0 ? AccessKind.Read : null;

    private (PmapSystem Pmaps, Mmu Mmu) CreateTables()
    {
        int memory = _backend.Capabilities.PhysicalAddressBits > 34 ? TableFrameCount : NarrowFrameCount;
        var machine = new Machine((ulong)memory, 1, _tlb, _backend.CreateMmu);
        int managed = _backend.Capabilities.SizedByFrames ? _frames : _frameCount;

        // Nothing is ever in the TLBs of this machine.
        machine.Cpus[0].Mmu.Dropped = null;
        var pmaps = new PmapSystem(machine, _backend, new TableFrameStack((ulong)memory), managed)
        {
            PromotesLargePages = _promotesLargePages,
        };
        return (pmaps, machine.Cpus[0].Mmu);
    }

    private void Perform(in TableChange change)
    {
        switch (change.Kind)
        {
            case TableChangeKind.Call:
                Perform(CopyOf(change.Pmap), change.Call, change.Phase);
                break;
            case TableChangeKind.Fault:
                Fault(change.Fault);
                break;
            case TableChangeKind.Switch:
                _current = CopyOf(change.Pmap);
                _pmaps.Activate(_current, _pmaps.Machine.Cpus[0]);
                break;
            case TableChangeKind.Destroy:
                Destroy(change.Pmap);
                break;
            case TableChangeKind.Fork:
                _probe.NotePhase(ReplayPhase.Fork);
                break;
            default:
                Resize(change.Frames);
                break;
        }
    }

    private void Walk(VirtualAddress place, AccessKind access, bool isMiss)
    {
        if (isMiss && _mmu.IsSoftwareFilled)
        {
            // The TLBs that are compared missed: the handler runs, whatever a TLB of the structure's own machine may still hold.
            _mmu.Invalidate(new AddressRange(place, PageSize.BaseBytes), _mmu.Tag);
        }

        bool done = _mmu.TryWalk(place, access, PrivilegeMode.User, out _, out MachineFault fault);
        _probe.NoteWalk(_mmu, isMiss);
        if (!done)
        {
            RecordUse(place, in fault);
        }

        if (isMiss)
        {
            _probe.NotePage(_mmu.LastPageShift);
        }
    }

    private void Fault(in MachineFault fault)
    {
        // A machine that cannot refuse fetches, say, does not fault here.
        if (!_mmu.TryWalk(PlaceOf(fault.Address), fault.Access, PrivilegeMode.User, out _, out _))
        {
            _probe.FaultingWalks++;
        }
    }

    private void Perform(Pmap copy, in PmapCall call, ReplayPhase phase)
    {
        switch (call.Kind)
        {
            case PmapCallKind.Enter:
                Enter(copy, PlaceOf(call.Range.Start), call.Frame, call.Rights, call.Access, call.Wired);
                _probe.NoteCall(copy, call, phase);
                break;
            case PmapCallKind.Prepare:
                Prepare(copy, PlaceOf(call.Range.Start));
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

    private void Destroy(int id)
    {
        _probe.NotePhase(ReplayPhase.Exit);
        if (_copies.Remove(id, out Pmap? copy))
        {
            _pmaps.Destroy(copy);
        }
    }

    // Moves to tables for more frames, where the structure's size follows from that. Not counted: a kernel knows the frames beforehand.
    private void Resize(int frames)
    {
        _frames = frames;
        if (!_backend.Capabilities.SizedByFrames)
        {
            return;
        }

        Dictionary<int, Pmap> old = _copies;
        int current = old.First(pair => ReferenceEquals(pair.Value, _current)).Key;
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

        Perform(new TableChange(TableChangeKind.Switch, current));
        _probe.NoteSize(_pmaps.Counters);
    }

    // Hardware that keeps no modified bit traps on the first store to a page, so that software can record it.
    private void RecordUse(VirtualAddress place, in MachineFault fault)
    {
        VirtualAddress page = place.RoundDown(PageSize.Base);
        if (!_current.TryExtract(page, out PmapMapping mapping) || !mapping.Rights.Allows(fault.Access.Right()))
        {
            throw Difference(place, "the translation that the machine has", $"{fault.Reason}");
        }

        Enter(_current, page, mapping.Frame, mapping.Rights, fault.Access, (mapping.Flags & PmapFlags.Wired) != 0);
        // Raised rights and bits owe nothing.
        _probe.ModifyTraps++;
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

            _probe.NoteCall(copy, call with { Range = range }, phase);
        }
    }

    private void Prepare(Pmap copy, VirtualAddress place)
    {
        if (copy.Prepare(place) != PmapStatus.Success)
        {
            throw OutOfFrames();
        }
    }

    private void Enter(Pmap copy, VirtualAddress place, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
    {
        // Nobody asks a replica who maps a frame, and the page of zeros is mapped from everywhere.
        _pmaps.SetUnmanaged(frame);
        if (copy.Enter(place, frame, rights, access, wired) != PmapStatus.Success)
        {
            throw OutOfFrames();
        }
    }

    private VirtualAddress PlaceOf(VirtualAddress address) => _folding?.Fold(address) ?? address;

    private Pmap CopyOf(int id) => _copies.TryGetValue(id, out Pmap? copy) ? copy : Create(id);

    private Pmap Create(int id)
    {
        if (!_pmaps.TryCreate(out Pmap? copy))
        {
            throw OutOfFrames();
        }

        _copies.Add(id, copy);
        return copy;
    }

    private InvalidDataException OutOfFrames() => new($"{_backend.Name} needs more table frames than the model has");

    private InvariantViolationException Difference(VirtualAddress place, string expected, string actual) =>
        new("REPLICA", $"{_backend.Name} at {place}", expected, actual);
}
