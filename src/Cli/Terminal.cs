using System.Diagnostics;

namespace BsdVm.Cli;

/// <summary>What the command line knows of the place it runs in: a clock, and whether somebody watches standard error.</summary>
internal sealed class Terminal(bool isErrorRedirected)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _lastProgress = 1;
    private bool _isShown;

    /// <summary>Seconds since the start.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Shows on a terminal how far a long piece of work is, from its first second on.</summary>
    public void ShowProgress(TextWriter error, long done, long? total)
    {
        if (isErrorRedirected || Seconds < _lastProgress + 0.1)
        {
            return;
        }

        _lastProgress = Seconds;
        _isShown = true;
        Raw(error).Write(total is > 0 ? $"\r{100 * done / total,3} %" : $"\r{done >> 20} MB");
    }

    /// <summary>Takes the progress away again.</summary>
    public void ClearProgress(TextWriter error)
    {
        if (_isShown)
        {
            Raw(error).Write("\r          \r");
        }
    }

    // Going back to the line's start is the program's own doing, on a terminal only.
    private static TextWriter Raw(TextWriter error) => error is PlainWriter plain ? plain.Inner : error;
}
