using System.Diagnostics.CodeAnalysis;

namespace BsdVm;

/// <summary>
/// What all pmaps of one machine share: the pv list and the saved bits of every frame, the invalidations that are owed to the
/// processors' TLBs, and which pmap each processor has loaded. The page-wide half of the pmap contract
/// (<c>pmap_page_protect</c>, <c>pmap_is_modified</c>, ...) stands here once, for every backend.
/// </summary>
public sealed partial class PmapSystem
{
    private readonly Pmap?[] _loaded;
    private readonly TagAllocator? _tags;
    private readonly Stack<int> _freeIds = new();
    private Pmap?[] _pmaps = new Pmap?[16];
    private int _idCount = 1;

    /// <summary>The shared state for <paramref name="machine"/>, whose frames number at most 2^31 - 1.</summary>
    /// <param name="machine">The hardware.</param>
    /// <param name="backend">Makes the pmaps.</param>
    /// <param name="frames">Where their tables' frames come from.</param>
    /// <param name="managedFrames">
    /// How many frames, from 0, can be mapped, 0 for all: tables that grow with physical memory (hashed, inverted) are sized for them.
    /// </param>
    public PmapSystem(Machine machine, PmapBackend backend, IFrameSource frames, int managedFrames = 0)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(frames);
        int frameCount = managedFrames > 0 ? managedFrames : checked((int)machine.Memory.FrameCount);
        ManagedFrames = frameCount;
        Machine = machine;
        Backend = backend;
        Frames = frames;
        _pv = new PvTable(frameCount);
        _saved = new PmapFlags[frameCount];
        _unmanaged = new bool[frameCount];
        _loaded = new Pmap?[machine.Cpus.Length];
        SharedTables = new(Counters);
        _tags = backend.Capabilities.TagBits == 0 ? null : new TagAllocator(backend.Capabilities.TagBits);
        BackendState = backend.CreateState(this);
    }

    /// <summary>The hardware.</summary>
    public Machine Machine { get; }

    /// <summary>How many frames, from 0, can be mapped; what grows with physical memory is sized for them.</summary>
    public int ManagedFrames { get; }

    /// <summary>The factory of the pmaps.</summary>
    public PmapBackend Backend { get; }

    /// <summary>What the backend keeps for this machine; null for nothing.</summary>
    public object? BackendState { get; }

    /// <summary>Where table frames come from.</summary>
    public IFrameSource Frames { get; }

    /// <summary>Events of all pmaps.</summary>
    public PmapCounters Counters { get; } = new();

    /// <summary>
    /// Whether pmaps that can replace full tables of pages by large pages. Off at first. It changes nothing that the contract shows but
    /// <see cref="Pmap.Pages"/>; what is promoted already stays so when it is switched off.
    /// </summary>
    public bool PromotesLargePages { get; set; }

    /// <summary>Who is told of each change of any pmap's mappings, or null.</summary>
    public IPmapObserver? Observer { get; set; }

    /// <summary>The living pmaps, by number.</summary>
    public IEnumerable<Pmap> Pmaps => _pmaps.OfType<Pmap>();

    /// <summary>Makes the pmap of a new address space. False if there is no frame for its root. Source: <c>pmap_create</c>.</summary>
    public bool TryCreate([NotNullWhen(true)] out Pmap? pmap)
    {
        int id = _freeIds.Count > 0 ? _freeIds.Pop() : _idCount++;
        if (!Backend.TryCreatePmap(this, id, out pmap))
        {
            _freeIds.Push(id);
            return false;
        }

        if (id >= _pmaps.Length)
        {
            Array.Resize(ref _pmaps, _pmaps.Length * 2);
        }

        _pmaps[id] = pmap;
        return true;
    }

    /// <summary>
    /// Ends a pmap: no processor keeps it loaded, nothing of it stays in a TLB, its frames are free. Source: <c>pmap_destroy </c>.
    /// </summary>
    public void Destroy(Pmap pmap)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        pmap.Remove(new AddressRange(new(0), Backend.Capabilities.UserLimit));
        Update();
        foreach (Cpu cpu in Machine.Cpus)
        {
            if (ReferenceEquals(_loaded[cpu.Id], pmap))
            {
                _loaded[cpu.Id] = null;
            }
        }

        pmap.CachedOn = 0;
        Observer?.Destroyed(pmap);
        pmap.Destroy();
        _pmaps[pmap.Id] = null;
        _freeIds.Push(pmap.Id);
    }

    /// <summary>Makes <paramref name="pmap"/> the address space of a processor. Source: <c>pmap_activate</c>.</summary>
    public void Activate(Pmap pmap, Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        ArgumentNullException.ThrowIfNull(cpu);
        if (ReferenceEquals(_loaded[cpu.Id], pmap))
        {
            return;
        }

        Update();
        ulong bit = 1UL << cpu.Id;
        if (_tags is not null)
        {
            _tags.Give(pmap, this);
        }
        else
        {
            ForgetOthersOn(bit);
        }

        pmap.Load(cpu);
        _loaded[cpu.Id] = pmap;
        pmap.CachedOn |= bit;
        Counters.Activations++;
    }

    // Without tags a load of the root has just dropped everything that was cached on the processor.
    private void ForgetOthersOn(ulong bit)
    {
        foreach (Pmap? other in _pmaps)
        {
            if (other is not null)
            {
                other.CachedOn &= ~bit;
            }
        }
    }

    /// <summary>The pmap that a processor has loaded.</summary>
    public Pmap? LoadedOn(Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        return _loaded[cpu.Id];
    }

    /// <summary>
    /// Every translation that a processor caches, in its TLBs and in its walker, and the pmap that it is of: the one whose tag it
    /// carries, or the loaded one where there are no tags or the translation is global. None if no living pmap has the tag.
    /// </summary>
    public IEnumerable<(Pmap? Pmap, TlbEntry Entry)> CachedTranslations(Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        return cpu.Tlb.Entries.Concat(cpu.Mmu.CachedTranslations).Select(entry => (OwnerOf(entry, cpu), entry));
    }

    /// <summary>The tables that several pmaps use.</summary>
    internal SharedTables SharedTables { get; }

    /// <summary>The pmap of a number, or null where it has ended.</summary>
    internal Pmap? Living(int id) => _pmaps[id];

    private Pmap? OwnerOf(in TlbEntry entry, Cpu cpu)
    {
        uint tag = entry.Tag;
        return _tags is null || (entry.Translation & (ulong)TlbFlags.Global) != 0
            ? LoadedOn(cpu)
            : Pmaps.FirstOrDefault(pmap => pmap.Tag == tag && _tags.IsCurrent(pmap));
    }
}
