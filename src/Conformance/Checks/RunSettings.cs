using System.Globalization;
using FsCheck;

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

    /// <summary>The run's seed as FsCheck's generator.</summary>
    public static Rnd Generator
    {
        get
        {
            string[] replay = Replay.Split(',');
            return new(ulong.Parse(replay[0], CultureInfo.InvariantCulture), ulong.Parse(replay[1], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>FsCheck's configuration for <paramref name="usualCount"/> cases from the run's seed; a failure is thrown.</summary>
    public static Config Configure(int usualCount)
    {
        Rnd start = Generator;
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Count(usualCount)).WithQuietOnSuccess(true);
        return Replay.Split(',') is [_, _, var size]
            ? config.WithReplay(start.Seed, start.Gamma, int.Parse(size, CultureInfo.InvariantCulture))
            : config.WithReplay(start.Seed, start.Gamma);
    }

    /// <summary>CHECK_COUNT, or <paramref name="usual"/> without it.</summary>
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("CHECK_COUNT"), CultureInfo.InvariantCulture, out int count) ? count : usual;
}
