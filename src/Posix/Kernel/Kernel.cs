using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>
/// The kernel above the machine-independent layer: processes, files, faults turned into signals. Errnos and signals are chosen in this
/// project alone, by operating system and policy.
/// </summary>
public sealed class Kernel : ITrapHandler
{
    private readonly List<Process> _processes = [];
    private readonly Random? _forget;

    // By the processor's number.
    private readonly Process?[] _running;

    /// <summary>A machine with one process, p1.</summary>
    /// <exception cref="InvalidOperationException">The memory is too small for even one process.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The configuration asks for a swap space with a bound.</exception>
    public Kernel(KernelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfNotEqual(configuration.SwapSlots, 0, nameof(configuration));
        Configuration = configuration;
        System = PosixSystem.Of(configuration);
        UserBounds = new(new(0), Math.Min(configuration.UserLimit, configuration.Backend.Capabilities.UserLimit));
        Vm = new VmSystem(new VmConfiguration
        {
            Backend = configuration.Backend,
            FrameCount = configuration.FrameCount,
            CpuCount = configuration.CpuCount,
            Tlb = configuration.Tlb,
            Policy = System.VmPolicy,
            CreateAnonymousLayer = configuration.CreateAnonymousLayer ?? System.CreateAnonymousLayer,
            CreateIndex = configuration.CreateIndex,
            DecorateFrames = configuration.FailFrame == 0 ? null : WithFailure,
            PromotesLargePages = configuration.PromotesLargePages,
            PrivateWrite = System.PrivateWrite,
            Check = configuration.Check,
        });
        _running = new Process?[configuration.CpuCount];
        foreach (Cpu cpu in Vm.Machine.Cpus)
        {
            cpu.TrapHandler = this;
        }

        _forget = configuration.ForgetSeed is { } seed ? new Random(unchecked((int)seed)) : null;
        if (!Vm.TryCreateSpace(UserBounds, out VmSpace? space))
        {
            throw new InvalidOperationException("There is no frame for the first process.");
        }

        InitialProcess = System.CreateProcess(this, "p1", space, new ProcessHeap(configuration.BreakStart));
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

    /// <summary>Pages by which stacks have grown, of all processes that there were.</summary>
    public long StackGrowthPages { get; internal set; }

    /// <summary>Whose calls its processes make.</summary>
    internal PosixSystem System { get; }

    /// <summary>Addresses that processes may use.</summary>
    internal AddressRange UserBounds { get; }

    /// <summary>Makes a file of <paramref name="sizeBytes"/> written bytes.</summary>
    public KernelFile CreateFile(string name, ulong sizeBytes, byte fill) => new(Vm.CreateVnode(name, sizeBytes, fill), System);

    /// <summary>
    /// Makes a process the one that runs on its processor: accesses there are its own from now on, and so are the faults that they take.
    /// </summary>
    /// <returns>The processor.</returns>
    public Cpu Run(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        Cpu cpu = Vm.Machine.Cpus[process.CpuId];
        _running[cpu.Id] = process;
        process.Space.Activate(cpu);
        return cpu;
    }

    /// <summary>
    /// Ends the visible part of an operation: mappings are dropped at random, if that was asked for, and rules are checked.
    /// </summary>
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
        Process process = _running[cpu.Id]!;
        if (fault.Reason == FaultReason.AddressRange || !UserBounds.Contains(fault.Address))
        {
            process.Pending = new(Signal.SIGSEGV, SignalCode.NotMapped);
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

        process.Pending = new(System.SignalOf(status), CodeOf(status));
        return TrapDisposition.Abandon;
    }

    /// <summary>
    /// Checks every rule of the model, and <c>VMA-COVERS</c>: with Linux every entry of a vm_map lies in one mapping with its rights.
    /// </summary>
    /// <exception cref="InvariantViolationException">The first rule that does not hold.</exception>
    public void CheckInvariants()
    {
        Vm.CheckInvariants();
        foreach (Process process in _processes)
        {
            process.CheckInvariants();
        }
    }

    internal void Add(Process process) => _processes.Add(process);

    internal void Remove(Process process) => _processes.Remove(process);

    private FailingFrameAllocator WithFailure(FrameAllocator frames) => new(frames) { FailRequest = Configuration.FailFrame };

    private static SignalCode CodeOf(VmStatus status) => status switch
    {
        VmStatus.InvalidAddress => SignalCode.NotMapped,
        VmStatus.ProtectionFailure => SignalCode.NoAccess,
        _ => SignalCode.Other,
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
