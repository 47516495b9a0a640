namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>Maps memory. The value is its address.</summary>
    /// <param name="address">Exactly there, replacing what is there (MAP_FIXED); null lets the system choose.</param>
    /// <param name="lengthBytes">The length, rounded up to pages.</param>
    /// <param name="protection">The rights.</param>
    /// <param name="shared">Stores are seen by everyone who maps the same.</param>
    /// <param name="file">What is mapped; null for memory that starts as zeros.</param>
    /// <param name="offset">Where in the file, page aligned.</param>
    /// <param name="options">What else.</param>
    public SyscallResult Mmap(
        ulong? address, ulong lengthBytes, Protection protection, bool shared, KernelFile? file = null, ulong offset = 0, MmapOptions options = MmapOptions.None)
    {
        Begin();
        return End(Personality.Mmap(Memory, new MmapRequest(address, lengthBytes, protection, shared, file, offset, options)));
    }

    /// <summary>Unmaps a range, holes included.</summary>
    public Errno Munmap(ulong address, ulong lengthBytes)
    {
        Begin();
        return End(Personality.Munmap(Memory, address, lengthBytes));
    }

    /// <summary>Changes rights. Linux stops at the first hole with ENOMEM, BSD skips holes.</summary>
    public Errno Mprotect(ulong address, ulong lengthBytes, Protection protection)
    {
        Begin();
        return End(Personality.Mprotect(Memory, address, lengthBytes, protection));
    }

    /// <summary>Locks a range in memory.</summary>
    public Errno Mlock(ulong address, ulong lengthBytes)
    {
        Begin();
        return End(Personality.Mlock(Memory, address, lengthBytes));
    }

    /// <summary>Undoes <see cref="Mlock"/>; locks do not nest.</summary>
    public Errno Munlock(ulong address, ulong lengthBytes)
    {
        Begin();
        return End(Personality.Munlock(Memory, address, lengthBytes));
    }

    /// <summary>Writes changes of shared file mappings to their files.</summary>
    public Errno Msync(ulong address, ulong lengthBytes, MsyncFlags flags)
    {
        Begin();
        return End(Personality.Msync(Memory, address, lengthBytes, flags));
    }

    /// <summary>Says how a range will be used.</summary>
    public Errno Madvise(ulong address, ulong lengthBytes, MadviseKind advice)
    {
        Begin();
        return End(Personality.Madvise(Memory, address, lengthBytes, advice));
    }

    /// <summary>
    /// Says what a child gets of a range. On Linux none is MADV_DONTFORK and zero MADV_WIPEONFORK, which add up; copy undoes both; share is
    /// EINVAL.
    /// </summary>
    public Errno Minherit(ulong address, ulong lengthBytes, VmInheritance inheritance)
    {
        Begin();
        return End(Personality.Minherit(Memory, address, lengthBytes, inheritance));
    }

    /// <summary>Moves, grows or shrinks a mapping. The value is its address.</summary>
    /// <param name="address">Where it is, page aligned.</param>
    /// <param name="oldLengthBytes">How much of it is meant.</param>
    /// <param name="newLengthBytes">The length wanted.</param>
    /// <param name="mayMove">The system may choose another place.</param>
    /// <param name="to">Exactly there, replacing what is there; null: no such wish.</param>
    public SyscallResult Mremap(ulong address, ulong oldLengthBytes, ulong newLengthBytes, bool mayMove, ulong? to = null)
    {
        Begin();
        return End(Personality.Mremap(Memory, new MremapRequest(address, oldLengthBytes, newLengthBytes, mayMove, to)));
    }

    /// <summary>Which pages are in memory: a character <c>0</c> or <c>1</c> a page, empty if it refuses.</summary>
    public Errno Mincore(ulong address, ulong lengthBytes, out string resident)
    {
        Begin();
        return End(Personality.Mincore(Memory, address, lengthBytes, out resident));
    }

    /// <summary>Moves the heap's end. The value is where it is afterwards, also with ENOMEM. Linux answers an address below the heap so.</summary>
    public SyscallResult Brk(ulong address)
    {
        Begin();
        return End(Personality.Brk(Memory, address));
    }

    /// <summary>Moves the heap's end by a distance, possibly negative. The value is where it was.</summary>
    public SyscallResult Sbrk(long delta)
    {
        Begin();
        ulong old = Memory.Break;
        ulong wanted = unchecked(old + (ulong)delta);
        if (delta == 0)
        {
            return SyscallResult.Of(old);
        }

        if (delta > 0 == wanted < old || !Personality.Brk(Memory, wanted).IsOk)
        {
            return End(SyscallResult.Fail(Errno.ENOMEM));
        }

        return End(SyscallResult.Of(old));
    }

    /// <summary>The mappings that overlap a range, lowest first.</summary>
    public IReadOnlyList<MapsRow> Maps(AddressRange range)
    {
        Begin();
        return Personality.Maps(Memory, range);
    }
}
