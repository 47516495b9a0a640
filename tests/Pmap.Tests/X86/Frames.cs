namespace BsdVm.Tests.X86;

/// <summary>A frame source that hands out frames upwards, takes them back, and can be told to run out.</summary>
internal sealed class Frames(ulong end) : IFrameSource
{
    private readonly bool[] _taken = new bool[end];

    public int FreeCount => _taken.Count(taken => !taken);

    /// <summary>How many more allocations succeed.</summary>
    public int Budget { get; set; } = int.MaxValue;

    public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        int end = (int)Math.Min((ulong)_taken.Length, below.Value);
        for (int frame = 0; Budget > 0 && frame + count <= end; frame += alignment)
        {
            Span<bool> wanted = _taken.AsSpan(frame, count);
            if (!wanted.Contains(true))
            {
                Budget--;
                wanted.Fill(true);
                first = new((ulong)frame);
                return true;
            }
        }

        first = default;
        return false;
    }

    public void Free(PageFrameNumber first, int count)
    {
        foreach (ref bool taken in _taken.AsSpan((int)first.Value, count))
        {
            Assert.True(taken, $"A frame of the {count} at {first} was freed twice.");
            taken = false;
        }
    }
}
