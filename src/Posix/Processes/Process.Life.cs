namespace BsdVm.Posix;

public sealed partial class Process
{
    private readonly List<Process> _children = [];

    /// <summary>Makes a child with a copy of this memory. ENOMEM without effect if frames are missing.</summary>
    public Errno Fork(string name, out Process? child)
    {
        ArgumentNullException.ThrowIfNull(name);
        Begin();
        if (Personality.TryFork(Memory, _kernel.Configuration.ForkEagerly, out ProcessMemory? memory))
        {
            child = Adopt(name, memory);
            return End(Errno.None);
        }

        child = null;
        return End(Errno.ENOMEM);
    }

    /// <summary>
    /// Makes a child that runs in this memory until it exits. Keeping this process still meanwhile is for whoever drives both. Source: 4.4BSD
    /// <c>vfork</c>.
    /// </summary>
    public Errno Vfork(string name, out Process child)
    {
        ArgumentNullException.ThrowIfNull(name);
        Begin();
        Memory.Users++;
        child = Adopt(name, Memory);
        return End(Errno.None);
    }

    /// <summary>Ends it.</summary>
    public void Exit()
    {
        Begin();
        Leave(Signal.None);
        _kernel.EndStep();
    }

    /// <summary>Takes note of a child's end, once. EAGAIN while it lives; ECHILD if it is none of this process, or was waited for.</summary>
    public Errno Wait(Process child)
    {
        ArgumentNullException.ThrowIfNull(child);
        Begin();
        if (!_children.Contains(child))
        {
            return Errno.ECHILD;
        }

        if (child.IsAlive)
        {
            return Errno.EAGAIN;
        }

        _children.Remove(child);
        return Errno.None;
    }

    private Process Adopt(string name, ProcessMemory memory)
    {
        var child = new Process(_kernel, name, this, memory) { _cpuId = _cpuId };
        _children.Add(child);
        _kernel.Admit(child);
        return child;
    }

    private void Leave(Signal signal)
    {
        IsAlive = false;
        Ended = signal;
        _kernel.Dismiss(this);
    }
}
