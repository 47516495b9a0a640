using System.Globalization;
using BsdVm.Conformance;

namespace BsdVm.Judge;

/// <summary>
/// How much is checked: JUDGE_QUERIES accesses a test (2000 by default), from the seed JUDGE_SEED, or else from that of all random tests.
/// </summary>
internal static class JudgeSettings
{
    public static int Queries { get; } = Number("JUDGE_QUERIES", 2000);

    public static int Seed { get; } = Number("JUDGE_SEED", (int)RunSettings.Generator.Seed);

    private static int Number(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int number) ? number : usual;
}
