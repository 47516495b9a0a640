using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace BsdVm.Conformance;

/// <summary>
/// Runs a property of random sequences inside a fact. A failing sequence is shortened before it is shown. CHECK_COUNT and CHECK_SEED
/// (<c>seed,gamma,size</c> as a failure prints it) come from the environment.
/// </summary>
internal static class PropertyCheck
{
    public static void Holds<T>(Gen<T> operation, Action<IReadOnlyList<T>> body, int count, int length)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Count(count)).WithStartSize(length / 4).WithEndSize(length).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable("CHECK_SEED") is { Length: > 0 } seed)
        {
            string[] parts = seed.Split(',');
            config = config.WithReplay(
                ulong.Parse(parts[0], CultureInfo.InvariantCulture),
                ulong.Parse(parts[1], CultureInfo.InvariantCulture),
                int.Parse(parts[2], CultureInfo.InvariantCulture));
        }

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

    private static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("CHECK_COUNT"), CultureInfo.InvariantCulture, out int count) ? count : usual;
}
