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
        Config config = RunSettings.Configure(count).WithStartSize(length / 4).WithEndSize(length);
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
