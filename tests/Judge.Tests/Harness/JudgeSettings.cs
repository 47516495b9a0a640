using System.Globalization;

namespace BsdVm.Judge;

/// <summary>How much is checked: JUDGE_QUERIES accesses a test (2000 by default), from the seed JUDGE_SEED (1).</summary>
internal static class JudgeSettings
{
    public static int Queries { get; } = Number("JUDGE_QUERIES", 2000);

    public static int Seed { get; } = Number("JUDGE_SEED", 1);

    private static int Number(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int number) ? number : usual;
}
