namespace BsdVm.Lab;

/// <summary>
/// Numbers the frames that hold data in order of first use, so that a table that has an entry a frame is no larger for the frames that
/// the model has and the trace does not use. Where large pages are made, blocks are numbered and frames keep their place in them.
/// </summary>
internal sealed class FrameNumbering
{
    private readonly int _blockShift;
    private readonly int[] _numbers;
    private int _blocks;

    /// <param name="frameCount">Frames of the model.</param>
    /// <param name="blockShift">The base-2 logarithm of the frames of a block; 0 to number each frame.</param>
    public FrameNumbering(int frameCount, int blockShift)
    {
        _blockShift = blockShift;
        _numbers = new int[(frameCount >> blockShift) + 1];
    }

    /// <summary>One more than the highest number.</summary>
    public int Count => _blocks << _blockShift;

    public PageFrameNumber this[PageFrameNumber frame]
    {
        get
        {
            ref int number = ref _numbers[frame.Value >> _blockShift];
            if (number == 0)
            {
                number = ++_blocks;
            }

            ulong inBlock = frame.Value & ((1UL << _blockShift) - 1);
            return new(((ulong)(number - 1) << _blockShift) | inBlock);
        }
    }
}
