namespace BsdVm.Posix;

/// <summary>
/// A process: system calls and accesses to its memory. Calls and accesses of one that has ended are its caller's bug
/// (<see cref="InvalidOperationException"/>). Each group of calls has a file of its own.
/// </summary>
public sealed partial class Process
{
    private readonly Kernel _kernel;
    private int _cpuId;

    internal Process(Kernel kernel, string name, Process? parent, ProcessMemory memory)
    {
        _kernel = kernel;
        Name = name;
        Parent = parent;
        Memory = memory;
        IsAlive = true;
    }

    /// <summary>Its name; another process may have it once this one has ended.</summary>
    public string Name { get; }

    /// <summary>Who forked it; null for the first process.</summary>
    public Process? Parent { get; }

    /// <summary>Its address space, shared with its parent if it came from vfork.</summary>
    public VmSpace Space => Memory.Space;

    /// <summary>Whether it has neither exited nor been killed.</summary>
    public bool IsAlive { get; private set; }

    /// <summary>What killed it, or none.</summary>
    public Signal Ended { get; private set; }

    /// <summary>The processor that it runs on, from 0.</summary>
    public int CpuId
    {
        get => _cpuId;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, _kernel.Vm.Machine.Cpus.Length);
            _cpuId = value;
        }
    }

    internal ProcessMemory Memory { get; }

    private Personality Personality => _kernel.Personality;

    private void Begin()
    {
        if (!IsAlive)
        {
            throw new InvalidOperationException($"Process {Name} has ended.");
        }

        _kernel.BeginStep();
    }

    private SyscallResult End(SyscallResult result)
    {
        _kernel.EndStep();
        return result;
    }

    private Errno End(Errno error)
    {
        _kernel.EndStep();
        return error;
    }
}
