namespace BsdVm.Posix;

/// <summary>
/// The heap of an address space. Processes that share a space after vfork share it too: a break moved by one has moved for all.
/// </summary>
internal sealed class ProcessHeap(ulong start)
{
    /// <summary>Where it begins.</summary>
    public ulong Start { get; set; } = start;

    /// <summary>Its end, not rounded.</summary>
    public ulong End { get; set; } = start;
}
