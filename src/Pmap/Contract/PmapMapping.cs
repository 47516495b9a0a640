namespace BsdVm;

/// <summary>One mapping of one base page as a pmap's tables hold it.</summary>
/// <param name="Address">The virtual page.</param>
/// <param name="Frame">The frame it leads to.</param>
/// <param name="Rights">The rights in the tables, after rounding up to what the machine can express.</param>
/// <param name="Flags">Wired, referenced, modified.</param>
public readonly record struct PmapMapping(VirtualAddress Address, PageFrameNumber Frame, Protection Rights, PmapFlags Flags);

/// <summary>The state of a mapping beside its frame and rights.</summary>
[Flags]
public enum PmapFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The pmap may not forget it.</summary>
    Wired = 1,

    /// <summary>It was used (a hint).</summary>
    Referenced = 2,

    /// <summary>It was stored through (exact).</summary>
    Modified = 4,
}

/// <summary>What an operation of a pmap came to.</summary>
public enum PmapStatus : byte
{
    /// <summary>Done.</summary>
    Success,

    /// <summary>No frame for a table; nothing has changed.</summary>
    ResourceShortage,
}
