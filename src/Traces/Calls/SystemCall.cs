namespace BsdVm.Traces;

/// <summary>The system calls that a trace keeps, under their numbers on Linux x86-64.</summary>
public enum SystemCall
{
    /// <summary>mmap(2).</summary>
    Mmap = 9,

    /// <summary>mprotect(2).</summary>
    Mprotect = 10,

    /// <summary>munmap(2).</summary>
    Munmap = 11,

    /// <summary>brk(2).</summary>
    Brk = 12,

    /// <summary>mremap(2).</summary>
    Mremap = 25,

    /// <summary>madvise(2).</summary>
    Madvise = 28,

    /// <summary>clone(2).</summary>
    Clone = 56,

    /// <summary>fork(2).</summary>
    Fork = 57,

    /// <summary>vfork(2).</summary>
    Vfork = 58,

    /// <summary>execve(2).</summary>
    Execve = 59,

    /// <summary>exit(2), of one thread.</summary>
    Exit = 60,

    /// <summary>wait4(2).</summary>
    Wait4 = 61,

    /// <summary>exit_group(2), of the whole process.</summary>
    ExitGroup = 231,
}
