using System.Globalization;

namespace BsdVm.Conformance;

/// <summary>How many random cases a run of the tests makes, and from which seed.</summary>
public static class RunSettings
{
    // Any odd number will do: FsCheck's generator (SplitMix) asks for one beside the seed.
    private const string Gamma = "2654435769";
    private const string UsualSeed = "20260101";

    /// <summary>The seed in the form of FsCheck's replay: CHECK_SEED, or the same one in every run.</summary>
    public static string Replay
    {
        get
        {
            string seed = Environment.GetEnvironmentVariable("CHECK_SEED") is { Length: > 0 } text ? text : UsualSeed;
            return seed.Contains(',', StringComparison.Ordinal) ? seed : seed + "," + Gamma;
        }
    }

    /// <summary>The seed of the whole run as a number, for generators of our own.</summary>
    public static ulong Seed => ulong.Parse(Replay.Split(',')[0], CultureInfo.InvariantCulture);

    /// <summary>CHECK_COUNT, or <paramref name="usual"/> without it.</summary>
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("CHECK_COUNT"), CultureInfo.InvariantCulture, out int count) ? count : usual;
}
