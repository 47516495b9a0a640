using System.Diagnostics.CodeAnalysis;
using BsdVm.Snapshots;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>The pmap contract over a store.</summary>
internal sealed class StoredPmap : TablePmap
{
    private const ulong None = ulong.MaxValue;

    private readonly TableStore _store;
    private readonly MachineTables _tables;
    private readonly StructureBackend _backend;
    private readonly ulong _space;

    // Pages that have a place, mapped or only prepared.
    private readonly PageIndex _pages = new();

    // The page that was prepared last and not entered yet: its place outlives a mapping that ends before.
    private ulong _prepared = None;

    private StoredPmap(StructureBackend backend, PmapSystem system, int id, MachineTables tables, TableStore store)
        : base(system, id)
    {
        _store = store;
        _tables = tables;
        _backend = backend;
        _space = store.IsShared ? (ulong)id : 0;
    }

    /// <inheritdoc/>
    public override long TableFrames => _store.Frames;

    /// <inheritdoc/>
    public override PmapTableUse TableUse => _store.Use;

    /// <inheritdoc/>
    public override bool KeepsOrder => _store.KeepsOrder;

    /// <inheritdoc/>
    public override Mmu? CreateView() => _backend.CreateView(Owner.Machine.Memory, _store.Registers(Id));

    /// <inheritdoc/>
    public override TranslationRoot? DescribeRoot() => _backend.Machine.DescribeRoot(this, _backend.Options.AddressBits);

    /// <inheritdoc/>
    public override Mmu? CreateDescribedView() => _backend.Machine.CreateDescribedView(this, _backend.Options.AddressBits);

    /// <inheritdoc/>
    public override TableSnapshot Snapshot() =>
        new MappingSnapshot(Owner.Backend.Name, [.. Mappings(new(new(0), Owner.Backend.Capabilities.UserLimit))]);

    /// <inheritdoc/>
    public override void Destroy()
    {
        for (ulong from = 0; _pages.TryNext(from, out ulong page); from = page + 1)
        {
            _store.Release(TagOf(page));
        }

        StructureMmu.Unload(Owner.Machine, _store.Registers(Id));
        _tables.Leave(_store);
    }

    internal static bool TryCreate(
        StructureBackend backend, PmapSystem system, int id, MachineTables tables, [NotNullWhen(true)] out Pmap? pmap)
    {
        // The tag of a shared table has room for so many spaces.
        pmap = id < PageTag.SpaceLimit && tables.TryJoin(out TableStore? store) ? new StoredPmap(backend, system, id, tables, store) : null;
        return pmap is not null;
    }

    /// <inheritdoc/>
    protected override void Load(Cpu cpu) => ((StructureMmu)cpu.Mmu).Load(_store.Registers(Id), Tag);

    /// <inheritdoc/>
    protected override bool TryFind(VirtualAddress address, out PmapMapping mapping)
    {
        bool found = _store.TryRead(TagOf(address), out ulong entry) && entry != 0;
        mapping = found ? TablePte.Decode(address, entry) : default;
        return found;
    }

    /// <inheritdoc/>
    protected override bool TryFindNext(VirtualAddress from, VirtualAddress last, out PmapMapping mapping)
    {
        ulong at = from.Page.Value;
        while (_pages.TryNext(at, out ulong page) && page <= last.Page.Value)
        {
            if (TryFind(new PageNumber(page).Address, out mapping))
            {
                return true;
            }

            at = page + 1;
        }

        mapping = default;
        return false;
    }

    /// <inheritdoc/>
    protected override bool TryPrepare(VirtualAddress address)
    {
        if (!_store.TryReserve(TagOf(address)))
        {
            return false;
        }

        _pages.Add(address.Page.Value);
        _prepared = address.Value;
        return true;
    }

    /// <inheritdoc/>
    protected override void Install(in PmapMapping mapping)
    {
        _store.Write(TagOf(mapping.Address), TablePte.Encode(mapping));
        _prepared = None;
    }

    /// <inheritdoc/>
    protected override void Rewrite(in PmapMapping mapping)
    {
        _store.Write(TagOf(mapping.Address), TablePte.Encode(mapping));
        if (_prepared == mapping.Address.Value)
        {
            _prepared = None;
        }
    }

    /// <inheritdoc/>
    protected override void Clear(in PmapMapping mapping)
    {
        if (mapping.Address.Value == _prepared)
        {
            _store.Write(TagOf(mapping.Address), 0);
            return;
        }

        _store.Release(TagOf(mapping.Address));
        _pages.Remove(mapping.Address.Page.Value);
    }

    /// <inheritdoc/>
    protected override void ReleaseEmptyTables()
    {
        _prepared = None;
        for (ulong from = 0; _pages.TryNext(from, out ulong page); from = page + 1)
        {
            if (!_store.TryRead(TagOf(page), out ulong entry) || entry == 0)
            {
                _store.Release(TagOf(page));
                _pages.Remove(page);
            }
        }

        _store.Trim();
    }

    /// <inheritdoc/>
    protected override PmapFlags SeedBits(AccessKind? access) => StructureBackend.SeedBits(access);

    private PageTag TagOf(VirtualAddress address) => PageTag.Of(address, _space);

    private PageTag TagOf(ulong page) => TagOf(new PageNumber(page).Address);
}
