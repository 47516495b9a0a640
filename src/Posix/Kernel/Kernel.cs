namespace BsdVm.Posix;

/// <summary>
/// An operating system on a machine: processes, their system calls, files, and what faults become. One caller at a time; every call
/// runs to its end.
/// </summary>
public sealed partial class Kernel : ITrapHandler, IVmObserver
{
    private readonly List<Process> _processes = [];
    private readonly Process?[] _running;

    /// <summary>Boots: a machine, its VM, and one process, <c>p1</c>, that has nothing mapped.</summary>
    /// <exception cref="ArgumentException">The configuration makes no sense, or there are too few frames for the first process's tables.</exception>
    public Kernel(KernelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        Configuration = configuration;
        Vm = new VmSystem(configuration.ToVm());
        Personality = configuration.OperatingSystem == OperatingSystemKind.Linux ? new LinuxPersonality(Vm) : new BsdPersonality(Vm);
        _running = new Process?[configuration.CpuCount];
        _forget = configuration.ForgetSeed is { } seed ? new Random(unchecked((int)(seed ^ (seed >> 32)))) : null;
        foreach (Cpu cpu in Vm.Machine.Cpus)
        {
            cpu.TrapHandler = this;
        }

        if (!Vm.TryCreateSpace(new AddressRange(new(0), Personality.UserLimit), out VmSpace? space))
        {
            throw new ArgumentException($"{configuration.FrameCount} frames are too few for one process.", nameof(configuration));
        }

        InitialProcess = new Process(this, "p1", parent: null, new ProcessMemory(space, new VmaMap(), configuration.BreakStart, configuration.BreakStart));
        Admit(InitialProcess);
        Vm.Observer = configuration.OperatingSystem == OperatingSystemKind.Linux ? this : null;
        Vm.Pages.FailRequest = configuration.FailFrame == 0 ? 0 : Vm.Pages.RequestCount + configuration.FailFrame;
    }

    /// <summary>How it was configured.</summary>
    public KernelConfiguration Configuration { get; }

    /// <summary>The layers below.</summary>
    public VmSystem Vm { get; }

    /// <summary>The process that exists from the start.</summary>
    public Process InitialProcess { get; }

    /// <summary>The living processes, oldest first.</summary>
    public IReadOnlyList<Process> Processes => _processes;

    /// <summary>The first address that no process can map: Linux's TASK_SIZE, or the machine's limit if that is lower.</summary>
    public ulong UserLimit => Personality.UserLimit;

    internal Personality Personality { get; }

    internal void Admit(Process process) => _processes.Add(process);

    /// <summary>A process has ended: its memory goes unless its vfork parent still runs in it.</summary>
    internal void Dismiss(Process process)
    {
        _processes.Remove(process);
        for (int i = 0; i < _running.Length; i++)
        {
            if (ReferenceEquals(_running[i], process))
            {
                _running[i] = null;
            }
        }

        if (--process.Memory.Users == 0)
        {
            process.Memory.Space.Destroy();
        }
    }

    /// <summary>Between two steps of whatever process.</summary>
    internal void BeginStep()
    {
        if (_forget is not null)
        {
            ForgetSomething(_forget);
        }
    }

    /// <summary>A step is done.</summary>
    internal void EndStep()
    {
        if (Configuration.Check == CheckMode.Every)
        {
            KernelInvariants.Check(this);
        }
    }
}
