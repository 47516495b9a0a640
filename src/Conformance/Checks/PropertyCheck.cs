using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace BsdVm.Conformance;

/// <summary>
/// Runs a property of random sequences inside a fact. A failing sequence is shortened before it is shown. Count and seed are those of
/// <see cref="RunSettings"/>.
/// </summary>
internal static class PropertyCheck
{
    public static void Holds<T>(Gen<T> operation, Action<IReadOnlyList<T>> body, int count, int length)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(RunSettings.Count(count)).WithStartSize(length / 4).WithEndSize(length)
            .WithQuietOnSuccess(true);
        string[] replay = RunSettings.Replay.Split(',');
        ulong seed = ulong.Parse(replay[0], CultureInfo.InvariantCulture);
        ulong gamma = ulong.Parse(replay[1], CultureInfo.InvariantCulture);
        config = replay.Length == 2
            ? config.WithReplay(seed, gamma)
            : config.WithReplay(seed, gamma, int.Parse(replay[2], CultureInfo.InvariantCulture));

        try
        {
            Check.One(config, Prop.ForAll(Arb.From(Gen.ArrayOf(operation), Shorter), body));
        }
        catch (Exception failure) when (failure is not XunitException)
        {
            throw new XunitException(failure.Message + Environment.NewLine + failure.InnerException?.Message);
        }
    }

    // Without a half, a quarter, ... at each place: the longest cuts first.
    private static IEnumerable<T[]> Shorter<T>(T[] operations)
    {
        for (int cut = Math.Max(1, operations.Length / 2); operations.Length > 0; cut /= 2)
        {
            for (int at = 0; at + cut <= operations.Length; at += cut)
            {
                yield return [.. operations[..at], .. operations[(at + cut)..]];
            }

            if (cut == 1)
            {
                break;
            }
        }
    }
}
