namespace BsdVm.Snapshots;

/// <summary>An anon, one page of anonymous memory, as it stood when the snapshot was taken.</summary>
/// <param name="Id">Its number.</param>
/// <param name="RefCount">Slots that hold it, and the transfer that is under way.</param>
/// <param name="Frame">The frame that holds its page, or null while the page is with the pager.</param>
public readonly record struct AnonSnapshot(int Id, int RefCount, PageFrameNumber? Frame)
{
    /// <summary>One line: <c>anon 5, 2 references, frame 0x1f</c>.</summary>
    public override string ToString() => $"anon {Id}, {RefCount} references, {(Frame is { } frame ? $"frame {frame}" : "paged out")}";
}
