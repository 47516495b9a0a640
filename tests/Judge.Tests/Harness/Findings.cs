using System.Globalization;

namespace BsdVm.Judge;

/// <summary>What a test found so far: how many accesses were compared, what became of them, and where the two sides differ.</summary>
internal sealed class Findings
{
    private const int Shown = 12;

    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly List<string> _differences = [];

    public int Compared { get; private set; }

    public void Note(Verdict agreed)
    {
        Compared++;
        string outcome = agreed.IsAllowed ? "allowed" : agreed.Fault;
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
    }

    public void Differ(string difference) => _differences.Add(difference);

    /// <summary>Fails with the first differences, if there is one.</summary>
    public void AssertNone() =>
        Assert.True(
            _differences.Count == 0,
            $"JUDGE_SEED={JudgeSettings.Seed}: {_differences.Count} differences:\n{string.Join('\n', _differences.Take(Shown))}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Compared} accesses compared, {_differences.Count} differences: {Outcomes}");

    private string Outcomes => string.Join(", ", _outcomes.Select(static pair => $"{pair.Key} {pair.Value}"));
}
