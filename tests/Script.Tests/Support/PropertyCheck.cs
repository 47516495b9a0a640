using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace BsdVm.Script.Tests;

/// <summary>
/// Runs an FsCheck property inside a fact. CHECK_COUNT and CHECK_SEED (<c>seed,gamma,size</c> as a failure prints it) come from the
/// environment.
/// </summary>
internal static class PropertyCheck
{
    public static void Holds<T>(Arbitrary<T> inputs, Action<T> body, int count = 200)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Count(count)).WithQuietOnSuccess(true);
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
            Check.One(config, Prop.ForAll(inputs, body));
        }
        catch (Exception failure) when (failure is not XunitException)
        {
            throw new XunitException(failure.Message + Environment.NewLine + failure.InnerException?.Message);
        }
    }

    private static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("CHECK_COUNT"), CultureInfo.InvariantCulture, out int count) ? count : usual;
}
