using System.Diagnostics.CodeAnalysis;
using BsdVm.Snapshots;

namespace BsdVm.Mips;

/// <summary>
/// The pmap contract over a store. Tables that all spaces share are made with the first pmap and given back after the last.
/// </summary>
internal sealed class MipsPmap : TablePmap
{
    // The tag of a shared table has 12 bits for the space.
    private const int SpaceLimit = 1 << 12;
    private const ulong None = ulong.MaxValue;

    private readonly MipsStore _store;
    private readonly MipsMachine _machine;
    private readonly ulong _space;

    // Pages that have a place, mapped or only prepared.
    private readonly PageIndex _pages = new();

    // The page that was prepared last and not entered yet: its place outlives a mapping that ends before.
    private ulong _prepared = None;

    private MipsPmap(PmapSystem system, int id, MipsStore store, MipsMachine machine)
        : base(system, id)
    {
        _store = store;
        _machine = machine;
        _space = store.IsShared ? (ulong)id : 0;
        store.AddUser();
    }

    /// <inheritdoc/>
    public override long TableFrames => _store.Frames;

    /// <inheritdoc/>
    public override PmapTableUse TableUse => _store.Use;

    /// <inheritdoc/>
    public override bool KeepsOrder => _store.KeepsOrder;

    /// <inheritdoc/>
    public override Mmu? CreateView() => _machine.CreateView(Owner.Machine.Memory, _store.Registers(Id));

    /// <inheritdoc/>
    public override TranslationRoot? DescribeRoot() => _machine.DescribeRoot(this);

    /// <summary>The processor with the entries that <see cref="DescribeRoot"/> lists, and no handler to load others.</summary>
    public override Mmu? CreateDescribedView() => DescribeRoot() is { } root ? new TlbImageMmu(root, Tag) : null;

    /// <inheritdoc/>
    public override void Destroy()
    {
        for (ulong from = 0; _pages.TryNext(from, out ulong page); from = page + 1)
        {
            _store.Release(TagOf(page));
        }

        MipsMmu.Unload(Owner.Machine, _store.Registers(Id));
        _store.RemoveUser();
    }

    /// <inheritdoc/>
    public override TableSnapshot Snapshot() =>
        new MappingSnapshot(Owner.Backend.Name, [.. Mappings(new(new(0), Owner.Backend.Capabilities.UserLimit))]);

    internal static bool TryCreate(
        PmapSystem system, int id, Func<PmapSystem, MipsStore> makeStore, MipsMachine machine, [NotNullWhen(true)] out Pmap? pmap)
    {
        pmap = null;
        if (id >= SpaceLimit)
        {
            return false;
        }

        MipsStore? store = system.Pmaps.OfType<MipsPmap>().FirstOrDefault()?._store;
        if (store is not { IsShared: true })
        {
            store = makeStore(system);
            if (!store.TryBegin())
            {
                return false;
            }
        }

        pmap = new MipsPmap(system, id, store, machine);
        return true;
    }

    /// <inheritdoc/>
    protected override void Load(Cpu cpu) => ((MipsMmu)cpu.Mmu).Load(_store.Registers(Id), Tag);

    /// <inheritdoc/>
    protected override bool TryFind(VirtualAddress address, out PmapMapping mapping)
    {
        bool found = _store.TryRead(address.Value | _space, out ulong entry) && entry != 0;
        mapping = found ? MipsPte.Decode(address, entry) : default;
        return found;
    }

    /// <inheritdoc/>
    protected override bool TryFindNext(VirtualAddress from, VirtualAddress last, out PmapMapping mapping)
    {
        ulong at = from.Value >> PageSize.Base.Shift;
        while (_pages.TryNext(at, out ulong page) && page <= last.Value >> PageSize.Base.Shift)
        {
            if (TryFind(new(page << PageSize.Base.Shift), out mapping))
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
        if (!_store.TryReserve(address.Value | _space))
        {
            return false;
        }

        _pages.Add(address.Value >> PageSize.Base.Shift);
        _prepared = address.Value;
        return true;
    }

    /// <inheritdoc/>
    protected override void Install(in PmapMapping mapping)
    {
        _store.Write(mapping.Address.Value | _space, MipsPte.Encode(mapping));
        _prepared = None;
    }

    /// <inheritdoc/>
    protected override void Rewrite(in PmapMapping mapping)
    {
        _store.Write(mapping.Address.Value | _space, MipsPte.Encode(mapping));
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
            _store.Write(mapping.Address.Value | _space, 0);
            return;
        }

        _store.Release(mapping.Address.Value | _space);
        _pages.Remove(mapping.Address.Value >> PageSize.Base.Shift);
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
    protected override PmapFlags SeedBits(AccessKind? access) => MipsMachine.SeedBits(access);

    private ulong TagOf(ulong page) => (page << PageSize.Base.Shift) | _space;
}
