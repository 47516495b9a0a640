using BsdVm.Traces;

namespace BsdVm.Lab;

/// <summary>
/// A model machine that lives a recorded program's life: its processes, the calls they made (with the results they got), and every access
/// through the processor. No page contents are written.
/// </summary>
internal sealed partial class ReplayMachine : ITrapHandler
{
    private readonly Dictionary<int, ReplayProcess> _processes = [];
    // Children that the trace does not follow, by process id. They still share their parent's pages.
    private readonly Dictionary<int, VmSpace> _unfollowed = [];
    private readonly Dictionary<string, Vnode> _files = [];
    private readonly bool _isDemandZero;
    private ReplayProcess _current = null!;

    /// <summary>A machine with the trace's first process.</summary>
    /// <param name="backend">Its translation.</param>
    /// <param name="tlb">Its TLBs.</param>
    /// <param name="frameCount">Its memory in frames.</param>
    /// <param name="promotesLargePages">As <see cref="VmConfiguration.PromotesLargePages"/>.</param>
    /// <param name="initialMaps">The first process's memory; null makes all memory demand-zero wherever touched.</param>
    public ReplayMachine(PmapBackend backend, TlbSpecification tlb, int frameCount, bool promotesLargePages, IReadOnlyList<MemoryMapEntry>? initialMaps)
    {
        System = new VmSystem(new VmConfiguration
        {
            Backend = backend,
            FrameCount = frameCount,
            Tlb = tlb,
            Policy = VmPolicy.Linux,
            PromotesLargePages = promotesLargePages,
            CreateAnonymousLayer = static system => new AmapLayer(system),
        });
        Cpu = System.Machine.Cpus[0];
        Cpu.TrapHandler = this;
        _isDemandZero = initialMaps is null;
        AddProcess(0, NewSpace(initialMaps));
    }

    public VmSystem System { get; }

    public Cpu Cpu { get; }

    /// <summary>Virtual pages that were touched.</summary>
    public PageSet Touched { get; } = new();

    public long Unmapped { get; private set; }

    public long ProtectionFaults { get; private set; }

    public long StackGrowthPages { get; private set; }

    /// <summary>Mapped pages of the processes that are left; the last process keeps its memory when it exits.</summary>
    public long MappedPages => _isDemandZero
        ? Touched.Count
        : _processes.Values.Select(static process => process.Space).Concat(_unfollowed.Values).Distinct().Sum(static space => (long)(space.Map.SizeBytes >> PageSize.Base.Shift));

    /// <summary>Makes a process the one that runs.</summary>
    public void Switch(int process)
    {
        if (!_processes.TryGetValue(process, out ReplayProcess? next))
        {
            throw new InvalidDataException($"process {process} runs before it was made");
        }

        _current = next;
        next.Space.Activate(Cpu);
    }

    /// <summary>The second page of an access that straddles two: it must be there too, but no TLB is looked up for it.</summary>
    public void TouchSecondPage(VirtualAddress address, AccessKind access)
    {
        if (!Cpu.Mmu.TryProbe(address, access, PrivilegeMode.User, out _, out MachineFault fault))
        {
            HandleFault(Cpu, in fault);
        }
    }

    /// <inheritdoc/>
    public TrapDisposition HandleFault(Cpu cpu, in MachineFault fault)
    {
        Touched.Add(fault.Address.Value >> PageSize.Base.Shift);
        VmStatus status = System.Fault(_current.Space, fault.Address, fault.Access);
        if (status == VmStatus.InvalidAddress && TryGrowStack(fault.Address))
        {
            status = System.Fault(_current.Space, fault.Address, fault.Access);
        }

        switch (status)
        {
            case VmStatus.Success:
                return TrapDisposition.Restart;
            case VmStatus.ProtectionFailure:
                ProtectionFaults++;
                return TrapDisposition.Abandon;
            case VmStatus.ResourceShortage:
                throw new InvalidDataException($"the trace needs more than the {System.Pages.TotalCount} frames of the model");
            default:
                Unmapped++;
                return TrapDisposition.Abandon;
        }
    }

    private VmSpace NewSpace(IReadOnlyList<MemoryMapEntry>? maps)
    {
        var bounds = new AddressRange(new(0), System.Pmaps.Backend.Capabilities.UserLimit);
        if (!System.TryCreateSpace(bounds, out VmSpace? space))
        {
            throw new InvalidDataException("the model has no frame left for a process");
        }

        if (maps is null)
        {
            space.Map.Insert(new VmMapRequest { Range = bounds, Protection = Protection.All });
            return space;
        }

        MemoryMapEntry? stack = StackOf(maps);
        foreach (MemoryMapEntry map in maps)
        {
            if (map.Range.Last < bounds.End)
            {
                Map(space, map.Range, map.Protection, map.IsShared, map.IsFile ? map.Path : null, map.Offset, ReferenceEquals(map, stack));
            }
        }

        return space;
    }

    // The row that is named so, else the highest writable one.
    private static MemoryMapEntry? StackOf(IReadOnlyList<MemoryMapEntry> maps) =>
        maps.LastOrDefault(static map => map.Path == "[stack]")
        ?? maps.LastOrDefault(static map => map.Protection.Allows(Protection.Write) && !map.IsShared && !map.IsFile);

    private void AddProcess(int number, VmSpace space)
    {
        _processes[number] = new ReplayProcess(space);
        if (_processes.Count == 1)
        {
            Switch(number);
        }
    }

    // A touch below the stack, within its limit, maps the page that was touched. Linux would map the pages skipped in between as well; a trace
    // shows the pages that a program uses, and those it skips are mapped once it uses them.
    private bool TryGrowStack(VirtualAddress address)
    {
        const ulong LimitBytes = 8UL << 20;
        VmMapEntry? above = _current.Space.Map.FirstFrom(address);
        if (above is null || !above.GrowsDown || above.Start <= address || above.End - address > LimitBytes)
        {
            return false;
        }

        _current.Space.Map.Insert(new VmMapRequest
        {
            Range = new AddressRange(new(address.Value & ~PageSize.Base.OffsetMask), PageSize.BaseBytes),
            Protection = above.Protection,
            GrowsDown = true,
        });
        StackGrowthPages++;
        return true;
    }

    private bool Map(VmSpace space, AddressRange range, Protection rights, bool isShared, string? file, ulong offset, bool growsDown)
    {
        space.Map.Remove(range);
        VmObject? source = file is null ? null : FileOf(file).Object;
        VmObject? held = source is null && isShared ? System.CreateAnonymousObject(range.LengthBytes) : null;
        VmStatus status = space.Map.Insert(new VmMapRequest
        {
            Range = range,
            Protection = rights,
            IsShared = isShared,
            Inheritance = isShared ? VmInheritance.Share : VmInheritance.Copy,
            Object = source ?? held,
            Offset = source is null ? 0 : offset,
            GrowsDown = growsDown,
        });
        if (held is not null)
        {
            System.ReleaseObject(held);
        }

        return status == VmStatus.Success;
    }

    // The trace does not tell how long a file is; the program read within it.
    private Vnode FileOf(string name)
    {
        if (!_files.TryGetValue(name, out Vnode? file))
        {
            file = System.CreateVnode(name, 1UL << 46, 0);
            _files.Add(name, file);
        }

        return file;
    }

    private sealed class ReplayProcess(VmSpace space)
    {
        public VmSpace Space { get; set; } = space;

        /// <summary>The break, once a brk told it.</summary>
        public ulong? Break { get; set; }
    }
}
