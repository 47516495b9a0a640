using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>
/// The kernel above the machine-independent layer: processes, files, faults turned into signals. Errnos and signals are chosen in this
/// project alone, by operating system and policy.
/// </summary>
public sealed class Kernel : ITrapHandler, IVmObserver
{
    private readonly List<Process> _processes = [];
    private readonly Random? _forget;
    private Process? _current;

    /// <summary>A machine with one process, p1.</summary>
    /// <exception cref="InvalidOperationException">The memory is too small for even one process.</exception>
    public Kernel(KernelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Configuration = configuration;
        Vm = new VmSystem(new VmConfiguration
        {
            Backend = configuration.Backend,
            FrameCount = configuration.FrameCount,
            CpuCount = configuration.CpuCount,
            Tlb = configuration.Tlb,
            Policy = IsLinux ? VmPolicy.Linux : configuration.Policy,
            CreateAnonymousLayer = configuration.CreateAnonymousLayer ?? DefaultLayer,
            CreateIndex = configuration.CreateIndex,
            DecorateFrames = configuration.FailFrame == 0 ? null : WithFailure,
            Check = configuration.Check,
        });
        if (IsLinux)
        {
            Vm.Observer = this;
        }

        foreach (Cpu cpu in Vm.Machine.Cpus)
        {
            cpu.TrapHandler = this;
        }

        _forget = configuration.ForgetSeed is { } seed ? new Random(unchecked((int)seed)) : null;
        if (!Vm.TryCreateSpace(UserBounds, out VmSpace? space))
        {
            throw new InvalidOperationException("There is no frame for the first process.");
        }

        InitialProcess = new Process(this, "p1", space, IsLinux ? new VmaMap { Limit = configuration.MappingLimit } : null, new ProcessHeap(configuration.BreakStart));
        _processes.Add(InitialProcess);
    }

    /// <summary>What it is made of.</summary>
    public KernelConfiguration Configuration { get; }

    /// <summary>The layer below.</summary>
    public VmSystem Vm { get; }

    /// <summary>The process that exists at the start.</summary>
    public Process InitialProcess { get; }

    /// <summary>Processes that have not exited, oldest first.</summary>
    public IReadOnlyList<Process> Processes => _processes;

    internal bool IsLinux => Configuration.OperatingSystem == OperatingSystemKind.Linux;

    internal bool IsLite2 => !IsLinux && Configuration.Policy.Name == VmPolicy.Lite2.Name;

    /// <summary>Addresses that processes may use. Source: Linux x86-64 <c>TASK_SIZE</c>, or what the machine maps if that is less.</summary>
    internal AddressRange UserBounds => new(new(0), Math.Min(0x7FFF_FFFF_F000, Configuration.Backend.Capabilities.UserLimit));

    /// <summary>Makes a file of <paramref name="sizeBytes"/> written bytes.</summary>
    public KernelFile CreateFile(string name, ulong sizeBytes, byte fill) => new(Vm.CreateVnode(name, sizeBytes, fill), IsLinux);

    /// <summary>Ends the visible part of an operation: mappings are dropped at random, if that was asked for, and rules are checked.</summary>
    public void OperationDone()
    {
        if (_forget is not null)
        {
            foreach (Process process in _processes)
            {
                Forget(process.Space);
            }
        }

        Vm.OperationDone();
    }

    /// <inheritdoc/>
    public TrapDisposition HandleFault(Cpu cpu, in MachineFault fault)
    {
        Process process = _current!;
        if (fault.Reason == FaultReason.AddressRange || !UserBounds.Contains(fault.Address))
        {
            process.Pending = Signal.SIGSEGV;
            return TrapDisposition.Abandon;
        }

        VmStatus status = Vm.Fault(process.Space, fault.Address, fault.Access);
        if (status == VmStatus.InvalidAddress && process.TryGrowStack(fault.Address))
        {
            status = Vm.Fault(process.Space, fault.Address, fault.Access);
        }

        if (status == VmStatus.Success)
        {
            return TrapDisposition.Restart;
        }

        process.Pending = SignalOf(status);
        return TrapDisposition.Abandon;
    }

    /// <inheritdoc/>
    public void PrivateWrite(VmSpace space, VirtualAddress address) =>
        _processes.First(process => ReferenceEquals(process.Space, space)).Vmas!.NoteWrite(address.Value);

    /// <summary>
    /// Checks every rule of the model, and <c>VMA-COVERS</c>: with Linux every entry of a vm_map lies in one mapping with its rights.
    /// </summary>
    /// <exception cref="InvariantViolationException">The first rule that does not hold.</exception>
    public void CheckInvariants()
    {
        Vm.CheckInvariants();
        foreach (Process process in _processes.Where(static process => process.Vmas is not null))
        {
            VmaInvariants.Check(process.Space.Map, process.Vmas!);
        }
    }

    /// <summary>Whether memory may be promised: one request may not ask for more than there is. Source: Linux <c>__vm_enough_memory</c>.</summary>
    internal bool MayPromise(ulong pages) => !IsLinux || Configuration.RamBytes is not { } ram || pages <= ram >> PageSize.Base.Shift;

    internal Cpu Switch(Process process)
    {
        Cpu cpu = Vm.Machine.Cpus[process.CpuId];
        _current = process;
        process.Space.Activate(cpu);
        return cpu;
    }

    internal void Add(Process process) => _processes.Add(process);

    internal void Remove(Process process) => _processes.Remove(process);

    private static ShadowLayer MakeShadows(VmSystem system) => new(system);

    private static AmapLayer MakeAmaps(VmSystem system) => new(system);

    private FailingFrameAllocator WithFailure(FrameAllocator frames) => new(frames) { FailRequest = Configuration.FailFrame };

    private AnonymousLayer DefaultLayer(VmSystem system) => IsLinux ? MakeAmaps(system) : MakeShadows(system);

    // FreeBSD and Linux: no mapping or no right is SIGSEGV, a page that cannot be had SIGBUS. 4.4BSD: no right is SIGBUS too.
    private Signal SignalOf(VmStatus status) => status switch
    {
        VmStatus.ResourceShortage => Signal.SIGKILL,
        VmStatus.OutOfRange or VmStatus.PagerError => Signal.SIGBUS,
        VmStatus.ProtectionFailure when IsLite2 => Signal.SIGBUS,
        _ => Signal.SIGSEGV,
    };

    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A seeded choice of mappings to forget.")]
    private void Forget(VmSpace space)
    {
        foreach (PmapMapping mapping in space.Pmap.Mappings(UserBounds).ToArray())
        {
            if ((mapping.Flags & PmapFlags.Wired) == 0 && _forget!.Next(3) == 0)
            {
                space.Pmap.Remove(new AddressRange(mapping.Address, PageSize.BaseBytes));
            }
        }
    }
}
