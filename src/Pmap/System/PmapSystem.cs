using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// What all pmaps of one machine share: the pv list and the saved bits of every frame, the invalidations that are owed to the
/// processors' TLBs, and which pmap each processor has loaded. The page-wide half of the pmap contract
/// (<c>pmap_page_protect</c>, <c>pmap_is_modified</c>, ...) stands here once, for every backend.
/// </summary>
public sealed class PmapSystem
{
    private readonly PvTable _pv;
    private readonly PmapFlags[] _saved;
    private readonly bool[] _unmanaged;
    private readonly Pmap?[] _loaded;
    private readonly InvalidationQueue _owed = new();
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

    /// <summary>pv entries in use: mappings of managed frames.</summary>
    public int PvEntryCount => _pv.Count;

    /// <summary>Whether invalidations wait for <see cref="Update"/>.</summary>
    public bool HasOwedInvalidations => _owed.Count > 0;

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

    /// <summary>Ends a pmap: no processor keeps it loaded, nothing of it stays in a TLB, its frames are free. Source: <c>pmap_destroy</c>.</summary>
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

    private Pmap? OwnerOf(in TlbEntry entry, Cpu cpu)
    {
        uint tag = entry.Tag;
        return _tags is null || (entry.Translation & (ulong)TlbFlags.Global) != 0
            ? LoadedOn(cpu)
            : Pmaps.FirstOrDefault(pmap => pmap.Tag == tag && _tags.IsCurrent(pmap));
    }

    /// <summary>
    /// Keeps no pv list for a frame from now on: nobody will ever ask for all mappings of it (the shared zero page, whose list would grow
    /// without bound). It must not be mapped.
    /// </summary>
    public void SetUnmanaged(PageFrameNumber frame) => _unmanaged[frame.Value] = true;

    /// <summary>Whether the frame has a pv list.</summary>
    public bool IsManaged(PageFrameNumber frame) => frame.Value < (ulong)_unmanaged.Length && !_unmanaged[frame.Value];

    /// <summary>Lowers the rights of every mapping of a frame, wired ones too; none left removes them. Source: <c>pmap_page_protect</c>.</summary>
    public void PageProtect(PageFrameNumber frame, Protection rights)
    {
        int entry = _pv.First(frame.Value);
        while (entry != 0)
        {
            // The entry is freed by a removal: its successor is read first. Where tables are shared, other entries may go as well; then the
            // list is gone through from its head again.
            int next = _pv.Next(entry);
            int count = rights == Protection.None ? _pv.Count - 1 : _pv.Count;
            Pmap pmap = _pmaps[_pv.PmapOf(entry)]!;
            var page = new AddressRange(_pv.AddressOf(entry), PageSize.BaseBytes);
            if (rights == Protection.None)
            {
                pmap.Remove(page);
            }
            else
            {
                pmap.Protect(page, rights);
            }

            entry = _pv.Count == count ? next : _pv.First(frame.Value);
        }
    }

    /// <summary>Whether the frame was stored to through any mapping, gone ones included, since the last clear. Source: <c>pmap_is_modified</c>.</summary>
    public bool IsModified(PageFrameNumber frame) => Has(frame, PmapFlags.Modified);

    /// <summary>Whether the frame was used, as far as anybody knows. Source: <c>pmap_is_referenced</c>.</summary>
    public bool IsReferenced(PageFrameNumber frame) => Has(frame, PmapFlags.Referenced);

    /// <summary>Forgets that a frame was modified; the next store through any mapping is seen again. Source: <c>pmap_clear_modify</c>.</summary>
    public void ClearModify(PageFrameNumber frame) => Clear(frame, PmapFlags.Modified);

    /// <summary>Forgets that a frame was referenced. Source: <c>pmap_clear_reference</c>.</summary>
    public void ClearReference(PageFrameNumber frame) => Clear(frame, PmapFlags.Referenced);

    /// <summary>Fills a frame with zeros and forgets its bits. Nobody maps it. Source: <c>pmap_zero_page</c>.</summary>
    public void ZeroPage(PageFrameNumber frame)
    {
        Machine.Memory.ZeroFrame(frame);
        _saved[frame.Value] = PmapFlags.None;
        Counters.ZeroedPages++;
    }

    /// <summary>Copies a frame over one that nobody maps, whose bits it forgets. Source: <c>pmap_copy_page</c>.</summary>
    public void CopyPage(PageFrameNumber source, PageFrameNumber destination)
    {
        Machine.Memory.CopyFrame(source, destination);
        _saved[destination.Value] = PmapFlags.None;
        Counters.CopiedPages++;
    }

    /// <summary>Who maps a frame, newest mapping first.</summary>
    public IEnumerable<(Pmap Pmap, VirtualAddress Address)> MappingsOf(PageFrameNumber frame)
    {
        for (int entry = _pv.First(frame.Value); entry != 0; entry = _pv.Next(entry))
        {
            yield return (_pmaps[_pv.PmapOf(entry)]!, _pv.AddressOf(entry));
        }
    }

    /// <summary>Whether any pmap maps a managed frame.</summary>
    public bool IsMapped(PageFrameNumber frame) => _pv.First(frame.Value) != 0;

    /// <summary>
    /// Makes every removal and reduction so far true on every processor: afterwards no TLB can use a translation that the tables no
    /// longer give. Frames that lost a mapping may be reused only now. Source: NetBSD <c>pmap_update</c>.
    /// </summary>
    public void Update()
    {
        if (_owed.Count > 0)
        {
            _owed.Deliver(Machine, _pmaps, Counters);
        }
    }

    /// <summary>A backend owes the processors that a page range of a pmap is dropped from their TLBs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OweInvalidation(Pmap pmap, AddressRange range)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        if (pmap.CachedOn != 0)
        {
            Counters.OwedInvalidations++;
            _owed.Add(pmap.Id, range);
        }
    }

    /// <summary>A backend made a new mapping of a managed frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteEntered(Pmap pmap, in PmapMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        Counters.Enters++;
        if (IsManaged(mapping.Frame))
        {
            _pv.Insert(mapping.Frame.Value, pmap.Id, mapping.Address);
        }

        Observer?.Entered(pmap, in mapping);
    }

    /// <summary>A backend changed the rights or flags of a mapping in place.</summary>
    public void NoteChanged(Pmap pmap, in PmapMapping mapping)
    {
        Counters.Changes++;
        Observer?.Changed(pmap, in mapping);
    }

    /// <summary>A backend ended a mapping; its bits are kept for the frame, and the TLBs are owed an invalidation.</summary>
    /// <exception cref="InvariantViolationException">The pv list does not have the mapping.</exception>
    public void NoteRemoved(Pmap pmap, in PmapMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        Counters.Removes++;
        if (IsManaged(mapping.Frame))
        {
            _saved[mapping.Frame.Value] |= mapping.Flags & (PmapFlags.Referenced | PmapFlags.Modified);
            if (!_pv.Remove(mapping.Frame.Value, pmap.Id, mapping.Address))
            {
                throw new InvariantViolationException("PV-SYMMETRY", $"frame {mapping.Frame}", $"pv entry of pmap {pmap.Id} at {mapping.Address}", "none");
            }
        }

        OweInvalidation(pmap, new AddressRange(mapping.Address, PageSize.BaseBytes));
        Observer?.Removed(pmap, mapping.Address);
    }

    /// <summary>A backend has done a call of the contract.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteCall(Pmap pmap, in PmapCall call) => Observer?.Called(pmap, in call);

    /// <summary>A backend without hardware bits learned of a use or a store from a trap.</summary>
    public void NoteBits(PageFrameNumber frame, PmapFlags bits) => _saved[frame.Value] |= bits & (PmapFlags.Referenced | PmapFlags.Modified);

    private bool Has(PageFrameNumber frame, PmapFlags bit)
    {
        if ((_saved[frame.Value] & bit) != 0)
        {
            return true;
        }

        for (int entry = _pv.First(frame.Value); entry != 0; entry = _pv.Next(entry))
        {
            if (_pmaps[_pv.PmapOf(entry)]!.TryExtract(_pv.AddressOf(entry), out PmapMapping mapping) && (mapping.Flags & bit) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Clear(PageFrameNumber frame, PmapFlags bit)
    {
        _saved[frame.Value] &= ~bit;
        for (int entry = _pv.First(frame.Value); entry != 0; entry = _pv.Next(entry))
        {
            _pmaps[_pv.PmapOf(entry)]!.ClearBits(_pv.AddressOf(entry), bit);
        }
    }
}
