using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>fork(2): the child's memory is a copy as of now, entry by entry as inheritance says.</summary>
    /// <returns>ENOMEM without any change if frames are missing.</returns>
    public SyscallResult Fork(string name, [NotNullWhen(true)] out Process? child)
    {
        child = null;
        if (!MayPromiseCopy() || Space.TryFork(Kernel.Configuration.ForksEagerly, out VmSpace? space) != VmStatus.Success)
        {
            return Errno.ENOMEM;
        }

        child = CreateChild(name, space!, new ProcessHeap(BreakStart) { End = Break }, ownsSpace: true);
        Adopt(child);
        return SyscallResult.Ok;
    }

    /// <summary>vfork(2): the child uses the parent's memory until it exits; the parent stands still meanwhile.</summary>
    public SyscallResult Vfork(string name, out Process child)
    {
        child = CreateChild(name, Space, _heap, ownsSpace: false);
        Adopt(child);
        return SyscallResult.Ok;
    }

    /// <summary>exit(2).</summary>
    public void Exit() => End();

    /// <summary>
    /// wait(2) for one child, named by itself. EAGAIN while it lives, ECHILD if it is no child or was waited for already.
    /// </summary>
    public SyscallResult Wait(Process child)
    {
        ArgumentNullException.ThrowIfNull(child);
        if (!_children.Contains(child))
        {
            return Errno.ECHILD;
        }

        if (child.IsAlive)
        {
            return Errno.EAGAIN;
        }

        _children.Remove(child);
        return SyscallResult.Ok;
    }

    /// <summary>Whether the memory that a copy of this process may need can be promised.</summary>
    private protected abstract bool MayPromiseCopy();

    /// <summary>A process of the same system: with a copy of the memory of its own, or in this one's.</summary>
    private protected abstract Process CreateChild(string name, VmSpace space, ProcessHeap heap, bool ownsSpace);

    private void Adopt(Process child)
    {
        child.CpuId = CpuId;
        _children.Add(child);
        Kernel.Add(child);
    }

    private void End()
    {
        if (!IsAlive)
        {
            return;
        }

        IsAlive = false;
        Kernel.Remove(this);
        if (_ownsSpace)
        {
            EndSpace(Space);
        }
    }
}
