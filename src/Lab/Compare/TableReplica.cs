namespace BsdVm.Lab;

/// <summary>
/// A further table structure that is kept in step with the machine's own: it replays every change of mappings in tables in a memory of its own,
/// and really performs every walk there.
/// </summary>
internal sealed class TableReplica
{
    private readonly PmapSystem _pmaps;
    private readonly Cpu _cpu;
    private readonly Folding? _folding;
    private readonly Dictionary<int, Pmap> _copies = [];

    public TableReplica(PmapBackend backend, int frameCount, Folding? folding)
    {
        var machine = new Machine((ulong)frameCount, 1, TlbSpecification.Default, backend.CreateMmu);
        _pmaps = new PmapSystem(machine, backend, new FrameStack(frameCount));
        _cpu = machine.Cpus[0];
        _folding = folding;
        Probe = new StructureProbe(_pmaps, _cpu.Mmu, folding is not null);
    }

    public StructureProbe Probe { get; }

    public void Walk(Pmap original, VirtualAddress address, AccessKind access, bool isMiss)
    {
        _pmaps.Activate(CopyOf(original), _cpu);
        if (!_cpu.Mmu.TryWalk(PlaceOf(address), access, PrivilegeMode.User, out _, out MachineFault fault))
        {
            throw new InvariantViolationException("REPLICA", $"{_pmaps.Backend.Name} at {address}", "the translation that the machine has", $"{fault.Reason}");
        }

        Probe.NoteWalk(isMiss);
    }

    public void Enter(Pmap original, in PmapMapping mapping)
    {
        PmapStatus status = CopyOf(original).Enter(
            PlaceOf(mapping.Address), mapping.Frame, mapping.Rights, null, (mapping.Flags & PmapFlags.Wired) != 0);
        if (status != PmapStatus.Success)
        {
            throw new InvalidDataException($"{_pmaps.Backend.Name} needs more table frames than the model has");
        }

        Probe.NoteMapped(1);
    }

    public void Change(Pmap original, in PmapMapping mapping)
    {
        Pmap copy = CopyOf(original);
        VirtualAddress place = PlaceOf(mapping.Address);
        copy.Protect(new AddressRange(place, PageSize.BaseBytes), mapping.Rights);
        copy.Enter(place, mapping.Frame, mapping.Rights, null, (mapping.Flags & PmapFlags.Wired) != 0);
        _pmaps.Update();
    }

    public void Remove(Pmap original, VirtualAddress address)
    {
        CopyOf(original).Remove(new AddressRange(PlaceOf(address), PageSize.BaseBytes));
        _pmaps.Update();
        Probe.NoteMapped(-1);
    }

    public void Destroy(Pmap original)
    {
        if (_copies.Remove(original.Id, out Pmap? copy))
        {
            _pmaps.Destroy(copy);
        }
    }

    private VirtualAddress PlaceOf(VirtualAddress address) => _folding?.Fold(address) ?? address;

    private Pmap CopyOf(Pmap original)
    {
        if (!_copies.TryGetValue(original.Id, out Pmap? copy))
        {
            if (!_pmaps.TryCreate(out copy))
            {
                throw new InvalidDataException($"{_pmaps.Backend.Name} needs more table frames than the model has");
            }

            _copies.Add(original.Id, copy);
        }

        return copy;
    }

    /// <summary>Frames for tables alone: these memories hold nothing else.</summary>
    private sealed class FrameStack(int frameCount) : IFrameSource
    {
        private readonly Stack<PageFrameNumber> _free = new();
        private int _next = 1;

        public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
        {
            if (count == 1 && alignment == 1 && _free.TryPop(out first))
            {
                return true;
            }

            int start = (_next + alignment - 1) / alignment * alignment;
            first = new((ulong)start);
            if ((ulong)(start + count) > Math.Min((ulong)frameCount, below.Value))
            {
                return false;
            }

            _next = start + count;
            return true;
        }

        public void Free(PageFrameNumber first, int count)
        {
            for (int i = 0; i < count; i++)
            {
                _free.Push(new(first.Value + (ulong)i));
            }
        }
    }
}
