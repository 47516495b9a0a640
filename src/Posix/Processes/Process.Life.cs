using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>fork(2): the child's memory is a copy as of now, entry by entry as inheritance says.</summary>
    /// <returns>ENOMEM without any change if frames are missing.</returns>
    public SyscallResult Fork(string name, [NotNullWhen(true)] out Process? child)
    {
        child = null;
        if (Vmas is not null && !MayPromiseCopy())
        {
            return Errno.ENOMEM;
        }

        if (Space.TryFork(Kernel.Configuration.ForksEagerly, out VmSpace? space) != VmStatus.Success)
        {
            return Errno.ENOMEM;
        }

        child = new Process(Kernel, name, space!, Vmas?.Fork(), new ProcessHeap(BreakStart) { End = Break }) { CpuId = CpuId };
        InheritTouched(space!);
        Adopt(child);
        return SyscallResult.Ok;
    }

    /// <summary>vfork(2): the child uses the parent's memory until it exits; the parent stands still meanwhile.</summary>
    public SyscallResult Vfork(string name, out Process child)
    {
        child = new Process(Kernel, name, Space, Vmas, _heap, ownsSpace: false) { CpuId = CpuId };
        Adopt(child);
        return SyscallResult.Ok;
    }

    /// <summary>exit(2).</summary>
    public void Exit() => End();

    /// <summary>wait(2) for one child, named by itself. EAGAIN while it lives, ECHILD if it is no child or was waited for already.</summary>
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

    // Source: dup_mmap, mapping by mapping.
    private bool MayPromiseCopy()
    {
        foreach (ref readonly Vma vma in Vmas!.Items)
        {
            if (vma.Has(VmaFlags.Account) && !vma.Has(VmaFlags.DontFork) && !Kernel.MayPromise(vma.Range.PageCount))
            {
                return false;
            }
        }

        return true;
    }

    private void Adopt(Process child)
    {
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
            Space.Destroy();
        }
    }

    // Linux's fork copies the page-table entries of mappings that were written, and of no others.
    private void InheritTouched(VmSpace child)
    {
        if (Vmas is null)
        {
            return;
        }

        foreach (ref readonly Vma vma in Vmas.Items)
        {
            if (vma.AnonVma is not null && !vma.Has(VmaFlags.DontFork) && !vma.Has(VmaFlags.WipeOnFork))
            {
                child.CopyTouched(Space, vma.Range);
            }
        }
    }
}
