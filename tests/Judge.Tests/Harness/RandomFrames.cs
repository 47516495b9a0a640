namespace BsdVm.Judge;

/// <summary>Frames for tables, drawn at random from the lowest 16 MB; all other memory is for pages.</summary>
internal sealed class RandomFrames(Random random) : IFrameSource
{
    /// <summary>The first frame that is never a table.</summary>
    public const ulong Limit = 4096;

    private const int First = 16;

    private readonly SortedSet<ulong> _taken = [];

    /// <summary>The frames in use.</summary>
    public IReadOnlyCollection<PageFrameNumber> Taken => [.. _taken.Select(static frame => new PageFrameNumber(frame))];

    public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            ulong start = (ulong)random.Next(First, (int)Limit - count) / (ulong)alignment * (ulong)alignment;
            if (start >= First && _taken.GetViewBetween(start, start + (ulong)count - 1).Count == 0)
            {
                _taken.UnionWith(Enumerable.Range(0, count).Select(frame => start + (ulong)frame));
                first = new(start);
                return true;
            }
        }

        first = default;
        return false;
    }

    public void Free(PageFrameNumber first, int count) =>
        _taken.ExceptWith(Enumerable.Range(0, count).Select(frame => first.Value + (ulong)frame));
}
