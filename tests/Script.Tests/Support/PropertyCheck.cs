using System.Globalization;
using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace BsdVm.Script.Tests;

/// <summary>
/// Runs an FsCheck property inside a fact. Count and seed are those of <see cref="RunSettings"/>.
/// </summary>
internal static class PropertyCheck
{
    public static void Holds<T>(Arbitrary<T> inputs, Action<T> body, int count = 200)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(RunSettings.Count(count)).WithQuietOnSuccess(true);
        string[] replay = RunSettings.Replay.Split(',');
        ulong seed = ulong.Parse(replay[0], CultureInfo.InvariantCulture);
        ulong gamma = ulong.Parse(replay[1], CultureInfo.InvariantCulture);
        config = replay.Length == 2
            ? config.WithReplay(seed, gamma)
            : config.WithReplay(seed, gamma, int.Parse(replay[2], CultureInfo.InvariantCulture));

        try
        {
            Check.One(config, Prop.ForAll(inputs, body));
        }
        catch (Exception failure) when (failure is not XunitException)
        {
            throw new XunitException(failure.Message + Environment.NewLine + failure.InnerException?.Message);
        }
    }
}
