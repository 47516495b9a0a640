using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>
/// One operating system's answers: which arguments it refuses and in what order, what it does to ranges with holes, and what faults become.
/// What memory then looks like is the business of the layers below.
/// </summary>
internal abstract class Personality
{
    /// <summary>Linux's TASK_SIZE on x86-64 with four levels of tables; BSD's limit is the machine's.</summary>
    protected const ulong TaskSize = 0x7fff_ffff_f000;

    /// <summary>RLIMIT_STACK.</summary>
    protected const ulong StackLimitBytes = 8UL << 20;

    protected Personality(VmSystem system)
    {
        System = system;
        UserLimit = Math.Min(TaskSize, system.Pmaps.Backend.Capabilities.UserLimit);
        SearchStart = RoundUp(UserLimit / 3);
    }

    /// <summary>The first address that cannot be mapped.</summary>
    public ulong UserLimit { get; }

    /// <summary>Whether a copy that faults part-way says how much it copied instead of EFAULT.</summary>
    public abstract bool CountsPartialCopies { get; }

    protected VmSystem System { get; }

    /// <summary>
    /// Where the system looks for room, first fit upwards: at a third of the address space. Source: Linux's bottom-up
    /// <c>TASK_UNMAPPED_BASE</c>.
    /// </summary>
    protected ulong SearchStart { get; }

    public abstract SyscallResult Mmap(ProcessMemory memory, in MmapRequest request);

    public abstract Errno Munmap(ProcessMemory memory, ulong address, ulong length);

    public abstract Errno Mprotect(ProcessMemory memory, ulong address, ulong length, Protection protection);

    public abstract Errno Mlock(ProcessMemory memory, ulong address, ulong length);

    public abstract Errno Munlock(ProcessMemory memory, ulong address, ulong length);

    public abstract Errno Msync(ProcessMemory memory, ulong address, ulong length, MsyncFlags flags);

    public abstract Errno Madvise(ProcessMemory memory, ulong address, ulong length, MadviseKind advice);

    public abstract Errno Minherit(ProcessMemory memory, ulong address, ulong length, VmInheritance inheritance);

    public abstract SyscallResult Mremap(ProcessMemory memory, in MremapRequest request);

    public abstract Errno Mincore(ProcessMemory memory, ulong address, ulong length, out string resident);

    public abstract SyscallResult Brk(ProcessMemory memory, ulong address);

    public abstract bool TryFork(ProcessMemory parent, bool eager, [NotNullWhen(true)] out ProcessMemory? child);

    /// <summary>An access where nothing is mapped: grows the stack above it, if there is one and it may.</summary>
    public abstract void TryGrowStack(ProcessMemory memory, ulong address);

    /// <summary>What a fault that could not be mended becomes.</summary>
    public abstract Signal SignalOf(ProcessMemory memory, VmStatus status, ulong address);

    public abstract IReadOnlyList<MapsRow> Maps(ProcessMemory memory, AddressRange range);

    protected static bool IsAligned(ulong address) => (address & PageSize.Base.OffsetMask) == 0;

    /// <summary>Up to whole pages, modulo 2^64.</summary>
    protected static ulong RoundUp(ulong length) => unchecked(length + PageSize.Base.OffsetMask) & ~PageSize.Base.OffsetMask;

    protected static ulong RoundDown(ulong address) => address & ~PageSize.Base.OffsetMask;

    protected static AddressRange Range(ulong start, ulong end) => new(new(start), end - start);

    /// <summary>Whether a range, possibly empty, ends at or below <see cref="UserLimit"/>.</summary>
    protected bool IsInside(ulong address, ulong length) => address <= UserLimit && length <= UserLimit - address;

    /// <summary>Maps a free range with what the request names. Returns the object of shared memory.</summary>
    protected VmObject? Map(ProcessMemory memory, AddressRange range, in MmapRequest request)
    {
        VmObject? made = request.IsShared && request.File is null ? System.CreateAnonymousObject(range.LengthBytes) : null;
        VmObject? source = made ?? request.File?.Vnode.Object;
        Require(memory.Map.Insert(new VmMapRequest
        {
            Range = range,
            Protection = request.Protection,
            MaxProtection = request.IsSharedReadOnly ? Protection.All & ~Protection.Write : Protection.All,
            Inheritance = request.IsShared ? VmInheritance.Share : VmInheritance.Copy,
            IsShared = request.IsShared,
            Object = source,
            Offset = request.Offset,
            GrowsDown = request.Has(MmapOptions.GrowsDown),
        }));
        if (made is not null)
        {
            System.ReleaseObject(made);
        }

        return source;
    }

    /// <summary>What had been decided must not fail.</summary>
    protected static void Require(VmStatus status)
    {
        if (status != VmStatus.Success)
        {
            throw new InvariantViolationException("POSIX-DECIDED", "a map operation whose arguments were checked", $"{VmStatus.Success}", $"{status}");
        }
    }
}
