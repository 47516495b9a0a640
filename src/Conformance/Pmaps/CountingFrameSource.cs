namespace BsdVm.Conformance;

/// <summary>
/// A bounded stock of frames that counts requests and refuses the one that a test names. Frames come and go full of rubbish, so that a
/// backend that trusts their contents, or still uses a table that it gave back, is found out. Giving back what was not taken throws.
/// </summary>
public sealed class CountingFrameSource : IFrameSource
{
    private const ulong Rubbish = 0xA5A5_5A5A_DEAD_BEEF;

    private readonly PhysicalMemory _memory;
    private readonly ulong _first;
    private readonly bool[] _taken;
    private readonly Dictionary<ulong, int> _runs = [];
    private int _refused;

    /// <summary>A stock of <paramref name="count"/> frames from <paramref name="first"/> on.</summary>
    public CountingFrameSource(PhysicalMemory memory, PageFrameNumber first, int count)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first.Value + (ulong)count, memory.FrameCount, nameof(count));
        _memory = memory;
        _first = first.Value;
        _taken = new bool[count];
    }

    /// <summary>Frames taken and not given back.</summary>
    public int UsedCount { get; private set; }

    /// <summary>Requests so far, refused ones included.</summary>
    public int RequestCount { get; private set; }

    /// <summary>Whether every request is refused.</summary>
    public bool IsExhausted { get; set; }

    /// <summary>Refuses one request: 1 is the next one, 2 the one after it; 0 none.</summary>
    public void FailRequest(int number) => _refused = number == 0 ? 0 : RequestCount + number;

    /// <inheritdoc/>
    public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        RequestCount++;
        first = default;
        if (IsExhausted || RequestCount == _refused)
        {
            return false;
        }

        ulong step = (ulong)alignment;
        for (ulong at = (_first + step - 1) / step * step; IsInside(at, count) && at + (ulong)count <= below.Value; at += step)
        {
            Span<bool> run = _taken.AsSpan((int)(at - _first), count);
            if (!run.Contains(true))
            {
                run.Fill(true);
                first = new(at);
                _runs.Add(at, count);
                UsedCount += count;
                Spoil(at, count);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    /// <exception cref="InvariantViolationException">The frames were not taken, or not together.</exception>
    public void Free(PageFrameNumber first, int count)
    {
        if (!_runs.Remove(first.Value, out int taken) || taken != count)
        {
            throw new InvariantViolationException(
                "FRAME-SOURCE", $"{count} frames at {first}", "frames that were taken together", $"{taken} taken");
        }

        _taken.AsSpan((int)(first.Value - _first), count).Clear();
        UsedCount -= count;
        Spoil(first.Value, count);
    }

    private bool IsInside(ulong at, int count) => at - _first + (ulong)count <= (ulong)_taken.Length;

    private void Spoil(ulong first, int count)
    {
        for (ulong word = 0; word < (ulong)count * (PageSize.BaseBytes / 8); word++)
        {
            _memory.Write64(new PageFrameNumber(first).Address + (word * 8), Rubbish);
        }
    }
}
