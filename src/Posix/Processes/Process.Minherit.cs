namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>
    /// minherit(2). On Linux none is MADV_DONTFORK and zero MADV_WIPEONFORK, which add up; copy undoes both; share cannot be said.
    /// </summary>
    public SyscallResult Minherit(ulong address, ulong lengthBytes, VmInheritance inheritance)
    {
        Errno error = AdviceRange(address, lengthBytes, out ulong end);
        return error != Errno.None ? error : Inherit(address, end, inheritance);
    }

    /// <summary>Sets the inheritance from one page boundary up to another, which may be the same.</summary>
    private protected abstract SyscallResult Inherit(ulong start, ulong end, VmInheritance inheritance);
}
