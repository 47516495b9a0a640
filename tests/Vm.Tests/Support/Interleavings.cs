namespace BsdVm.Tests.Support;

/// <summary>
/// Runs a body once for each way in which its choices can fall out. A body asks for a choice with <see cref="Next"/>; all sequences of
/// answers are gone through, the last choice changing fastest.
/// </summary>
internal sealed class Interleavings
{
    private readonly List<(int Taken, int Options)> _choices = [];
    private int _asked;

    /// <summary>Runs of the body.</summary>
    public int Count { get; private set; }

    public static int ForEach(Action<Interleavings> body)
    {
        var all = new Interleavings();
        do
        {
            all._asked = 0;
            all.Count++;
            try
            {
                body(all);
            }
            catch (Exception failure)
            {
                throw new Xunit.Sdk.XunitException($"With the choices {all}: {failure}");
            }
        }
        while (all.TryAdvance());

        return all.Count;
    }

    /// <summary>One of the numbers from 0 to below <paramref name="options"/>.</summary>
    public int Next(int options)
    {
        if (_asked == _choices.Count)
        {
            _choices.Add((0, options));
        }

        Assert.Equal(_choices[_asked].Options, options);
        return _choices[_asked++].Taken;
    }

    public override string ToString() => string.Join(' ', _choices.Select(static choice => $"{choice.Taken}/{choice.Options}"));

    private bool TryAdvance()
    {
        while (_choices.Count > 0)
        {
            (int taken, int options) = _choices[^1];
            _choices.RemoveAt(_choices.Count - 1);
            if (taken + 1 < options)
            {
                _choices.Add((taken + 1, options));
                return true;
            }
        }

        return false;
    }
}
