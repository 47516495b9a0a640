namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>
    /// What execve(2) does to memory before a program is mapped: the process goes on in an address space with nothing in it, on its
    /// processor; the old one ends, unless a parent waits in it since vfork. Source: FreeBSD <c>exec_new_vmspace</c>, Linux
    /// <c>exec_mmap</c>.
    /// </summary>
    /// <returns>ENOMEM without any change if there is no frame for its tables.</returns>
    public SyscallResult ReplaceSpace()
    {
        if (!Vm.TryCreateSpace(Kernel.UserBounds, out VmSpace? space))
        {
            return Errno.ENOMEM;
        }

        VmSpace old = Space;
        bool ownedOld = _ownsSpace;
        (Space, _heap, _ownsSpace) = (space, new ProcessHeap(Kernel.Configuration.BreakStart), true);
        SpaceBegins();
        Kernel.Run(this);
        if (ownedOld)
        {
            EndSpace(old);
        }

        return SyscallResult.Ok;
    }

    /// <summary>The process is in another address space, with nothing in it.</summary>
    private protected virtual void SpaceBegins()
    {
    }

    /// <summary>An address space that was the process's is gone.</summary>
    private protected virtual void SpaceEnded(VmSpace space)
    {
    }

    private void EndSpace(VmSpace space)
    {
        space.Destroy();
        SpaceEnded(space);
    }
}
