namespace BsdVm.Posix;

/// <summary>The memory of a process, and of its vfork child while that lives. Source: 4.4BSD <c>struct vmspace</c>, Linux <c>mm_struct</c>.</summary>
internal sealed class ProcessMemory(VmSpace space, VmaMap mappings, ulong breakStart, ulong breakNow)
{
    /// <summary>Where the pages are.</summary>
    public VmSpace Space { get; } = space;

    /// <summary>The entries of <see cref="Space"/>.</summary>
    public VmMap Map => Space.Map;

    /// <summary>What Linux keeps of the mappings; empty with BSD, whose entries are the mappings.</summary>
    public VmaMap Mappings { get; } = mappings;

    /// <summary>Where the heap starts, page aligned.</summary>
    public ulong BreakStart { get; } = breakStart;

    /// <summary>Where the heap ends, in bytes.</summary>
    public ulong Break { get; set; } = breakNow;

    /// <summary>Processes that run in it.</summary>
    public int Users { get; set; } = 1;
}
