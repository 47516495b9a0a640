using System.Diagnostics.CodeAnalysis;

namespace BsdVm;

/// <summary>
/// The machine-independent virtual-memory subsystem on one machine: frames, objects, the anonymous layer, and every address space.
/// </summary>
public sealed partial class VmSystem
{
    private readonly Func<VirtualAddress, VmMapIndex> _createIndex;
    private readonly Dictionary<int, VmSpace> _spaces = [];
    private readonly CheckMode _check;

    /// <summary>Builds the machine and its VM.</summary>
    public VmSystem(VmConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Policy = configuration.Policy;
        _check = configuration.Check;
        CreateAnonymousPager = configuration.CreateAnonymousPager ?? (static () => new AnonymousPager());
        _createIndex = configuration.CreateIndex ?? (static minimum => new RedBlackIndex(minimum));
        Machine = new Machine((ulong)configuration.FrameCount, configuration.CpuCount, configuration.Tlb, configuration.Backend.CreateMmu);
        PageSize large = configuration.PromotesLargePages ? configuration.Backend.Capabilities.PageSizes.ElementAtOrDefault(1) : default;
        int blockFrames = large == default ? 0 : (int)(large.Bytes / PageSize.BaseBytes);
        Pages = new VmPages(configuration.FrameCount, blockFrames, DecorateFrames(configuration));
        Pmaps = new PmapSystem(Machine, configuration.Backend, new TableFrameSource(this)) { PromotesLargePages = blockFrames > 0 };
        Pmaps.SetUnmanaged(VmPages.ZeroFrame);
        Reservations = blockFrames > 0 ? new FrameReservations(Pages, large) : null;
        Objects = new VmObjects(this);
        Anonymous = configuration.CreateAnonymousLayer?.Invoke(this) ?? new ShadowLayer(this);
        _fault = new VmFault(this);
        TrapHandler = new VmTrapHandler(this);
        foreach (Cpu cpu in Machine.Cpus)
        {
            cpu.TrapHandler = TrapHandler;
        }
    }

    /// <summary>The hardware.</summary>
    public Machine Machine { get; }

    /// <summary>The mappings' shared half.</summary>
    public PmapSystem Pmaps { get; }

    /// <summary>What takes the processors' faults until they are given another handler: it resolves them, and grows no stacks.</summary>
    public VmTrapHandler TrapHandler { get; }

    /// <summary>The frames.</summary>
    public VmPages Pages { get; }

    /// <summary>Entries of all maps.</summary>
    internal int EntryCount { get; set; }

    /// <summary>Blocks of frames for large pages, where there are any.</summary>
    internal FrameReservations? Reservations { get; }

    /// <summary>Makes a store for anonymous pages.</summary>
    internal Func<AnonymousPager> CreateAnonymousPager { get; }

    /// <summary>The objects.</summary>
    public VmObjects Objects { get; }

    /// <summary>The upper, anonymous layer of private memory.</summary>
    public AnonymousLayer Anonymous { get; }

    /// <summary>History's answers.</summary>
    public VmPolicy Policy { get; }

    /// <summary>Events.</summary>
    public VmCounters Counters { get; } = new();

    /// <summary>Who is told of write attempts.</summary>
    public IVmObserver? Observer { get; set; }

    /// <summary>The living address spaces.</summary>
    public IEnumerable<VmSpace> Spaces => _spaces.Values;

    /// <summary>A new, empty address space. False if there is no frame for the root of its tables. Source: <c>vmspace_alloc</c>.</summary>
    /// <param name="bounds">The addresses that it may map, page aligned, within what the backend maps.</param>
    /// <param name="space">The space.</param>
    public bool TryCreateSpace(AddressRange bounds, [NotNullWhen(true)] out VmSpace? space)
    {
        if (!Pmaps.TryCreate(out Pmap? pmap))
        {
            space = null;
            return false;
        }

        space = new VmSpace(this, pmap, _createIndex(bounds.Start), bounds);
        _spaces.Add(pmap.Id, space);
        return true;
    }

    /// <summary>A simulated file of <paramref name="sizeBytes"/> bytes of <paramref name="fill"/>.</summary>
    public Vnode CreateVnode(string name, ulong sizeBytes, byte fill) => new(this, name, sizeBytes, fill);

    /// <summary>
    /// An anonymous object to be mapped shared, with one reference for the caller, to be given to <see cref="ReleaseObject"/>.
    /// </summary>
    public VmObject CreateAnonymousObject(ulong sizeBytes)
    {
        VmObject made = Objects.Allocate(sizeBytes);
        made.HeldOutside = 1;
        return made;
    }

    /// <summary>
    /// An object whose pages come from a pager of your own and go back to it when they are modified (<see cref="VmMap.Clean"/>, and when
    /// the object ends), with one reference for the caller, to be given to <see cref="ReleaseObject"/>. One pager serves one object.
    /// </summary>
    /// <param name="pager">The pager; its <see cref="Pager.HasPage"/> says where the object ends.</param>
    /// <param name="sizeBytes">How far pages that the pager does not hold read as zeros, page aligned.</param>
    public VmObject CreatePagedObject(Pager pager, ulong sizeBytes)
    {
        ArgumentNullException.ThrowIfNull(pager);
        VmObject made = CreateAnonymousObject(sizeBytes);
        made.Pager = pager;
        made.HasOwnPager = true;
        return made;
    }

    /// <summary>Gives the caller's reference to an object back.</summary>
    [SuppressMessage(
        "Performance", "CA1822:Mark members as static", Justification = "The counterpart of CreateAnonymousObject, which is not static.")]
    public void ReleaseObject(VmObject held)
    {
        ArgumentNullException.ThrowIfNull(held);
        held.HeldOutside--;
        held.Deallocate();
    }

    /// <summary>The address space that owns a pmap.</summary>
    internal VmSpace SpaceOf(Pmap pmap) => _spaces[pmap.Id];

    // What the configuration asks for stands in front of the checks, which stand in front of the frames.
    private Func<FrameAllocator, FrameAllocator> DecorateFrames(VmConfiguration configuration) => frames =>
    {
        FrameAllocator inner = _check == CheckMode.Off ? frames : new CheckedFrameAllocator(frames, this);
        return configuration.DecorateFrames?.Invoke(inner) ?? inner;
    };

    internal void Forget(VmSpace space)
    {
        _spaces.Remove(space.Pmap.Id);
        Reservations?.Forget(space);
    }

    /// <summary>Linux's truncate: private copies behind a file's new end go as well, in every process.</summary>
    internal void DropPrivateCopies(VmObject file, ulong firstGone)
    {
        foreach (VmSpace space in Spaces)
        {
            for (VmMapEntry? entry = space.Map.First; entry is not null; entry = entry.Next)
            {
                if (ReferenceEquals(entry.Object, file) && !entry.IsShared)
                {
                    ulong gone = firstGone * PageSize.BaseBytes;
                    ulong skip = gone > entry.Offset ? gone - entry.Offset : 0;
                    if (skip < entry.Range.LengthBytes)
                    {
                        space.Map.Drop(new AddressRange(entry.Start + skip, entry.Range.LengthBytes - skip));
                    }
                }
            }
        }
    }
}
