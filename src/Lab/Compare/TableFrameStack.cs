namespace BsdVm.Lab;

/// <summary>
/// Frames for tables alone: the memories of replicas hold nothing else. Blocks that come back are handed out again by their length.
/// </summary>
internal sealed class TableFrameStack(ulong frameCount) : IFrameSource
{
    private readonly Dictionary<int, Stack<PageFrameNumber>> _free = [];
    private ulong _next = 1;

    public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        if (_free.TryGetValue(count, out Stack<PageFrameNumber>? blocks) && blocks.TryPeek(out first)
            && first.Value % (ulong)alignment == 0 && first.Value + (ulong)count <= below.Value)
        {
            blocks.Pop();
            return true;
        }

        ulong start = (_next + (ulong)alignment - 1) / (ulong)alignment * (ulong)alignment;
        first = new(start);
        if (start + (ulong)count > Math.Min(frameCount, below.Value))
        {
            return false;
        }

        _next = start + (ulong)count;
        return true;
    }

    public void Free(PageFrameNumber first, int count)
    {
        if (!_free.TryGetValue(count, out Stack<PageFrameNumber>? blocks))
        {
            blocks = new();
            _free.Add(count, blocks);
        }

        blocks.Push(first);
    }
}
