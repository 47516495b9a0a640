namespace BsdVm.Lab;

/// <summary>
/// Numbers the frames that hold data in order of first use, so that a table that has an entry a frame is no larger for the frames that
/// the model has and the trace does not use.
/// </summary>
internal sealed class FrameNumbering(int frameCount)
{
    private readonly int[] _numbers = new int[frameCount];

    /// <summary>Frames that have a number.</summary>
    public int Count { get; private set; }

    public PageFrameNumber this[PageFrameNumber frame]
    {
        get
        {
            ref int number = ref _numbers[frame.Value];
            if (number == 0)
            {
                number = ++Count;
            }

            return new((ulong)(number - 1));
        }
    }
}
