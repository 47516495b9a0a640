using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Traces;

/// <summary>
/// A synthetic workload, made as it is read: the same text gives the same accesses everywhere. Each access is a load or store of 8 bytes;
/// which of the two is drawn apart from the addresses.
/// </summary>
public sealed class Workload
{
    private static readonly Kind[] Kinds =
    [
        new("sequential", "through all pages, step bytes (64) at a time, and again", AccessPatterns.Sequential),
        new("strided", "as many places as pages, step bytes (65536) apart, and again", AccessPatterns.Strided),
        new("uniform", "pages drawn at random", AccessPatterns.Uniform),
        new("zipf", "pages drawn by Zipf's law with exponent skew (1)", AccessPatterns.Zipf),
        new("runs", "runs of length (16) pages that cover density (0.1) of the space, in random order", AccessPatterns.Runs),
        new("chase", "a list through all pages in random order", AccessPatterns.Chase),
        new("loop", "page after page, and again", AccessPatterns.Loop),
    ];

    private readonly Kind _kind;
    private readonly WorkloadParameters _parameters;

    private Workload(string text, Kind kind, WorkloadParameters parameters)
    {
        Text = text;
        _kind = kind;
        _parameters = parameters;
    }

    /// <summary>
    /// The names with one line of what they are. All take pages (65536), refs (1000000), seed (1), base (0x10000000), stores (30 per cent).
    /// </summary>
    public static IReadOnlyList<(string Name, string Text)> Names { get; } = [.. Kinds.Select(static kind => (kind.Name, kind.Text))];

    /// <summary>The text that it was read from.</summary>
    public string Text { get; }

    /// <summary>The seed of its draws.</summary>
    public ulong Seed => _parameters.Seed;

    /// <summary>Reads <c>NAME</c> or <c>NAME:KEY=VALUE,KEY=VALUE</c>.</summary>
    /// <returns>False with a message for people in <paramref name="problem"/>.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out Workload? workload, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        workload = null;
        string[] parts = text.Split(':', 2);
        Kind? kind = Kinds.FirstOrDefault(each => each.Name == parts[0]);
        if (kind is null)
        {
            problem = $"unknown workload '{parts[0]}'; valid: {string.Join(", ", Kinds.Select(static each => each.Name))}";
            return false;
        }

        var parameters = new WorkloadParameters();
        foreach (string setting in parts.Length > 1 ? parts[1].Split(',') : [])
        {
            string[] pair = setting.Split('=', 2);
            string? wrong = pair.Length == 2
                ? WorkloadParameters.TrySet(ref parameters, pair[0], pair[1])
                : $"'{setting}' is not KEY=VALUE";
            if (wrong is not null)
            {
                problem = $"workload {kind.Name}: {wrong}";
                return false;
            }
        }

        problem = "";
        workload = new Workload(text, kind, parameters);
        return true;
    }

    /// <summary>Its accesses in the form of <see cref="TraceFormat.Words"/>.</summary>
    public Stream Open() => new WordStream(Accesses(), (long)_parameters.References * 8);

    /// <summary>Its accesses in a comparison.</summary>
    public TraceSource ToInput() => new(null, TraceFormat.Words, null, Open, Text);

    private IEnumerable<ulong> Accesses()
    {
        // A generator of its own, so that the addresses do not depend on the share of stores.
        var kinds = new SplitMix64(~_parameters.Seed);
        ulong left = _parameters.References;
        foreach (ulong address in _kind.Addresses(_parameters))
        {
            if (left-- == 0)
            {
                yield break;
            }

            ulong store = kinds.Below(100) < _parameters.Stores ? 1UL : 0;
            yield return address | store;
        }
    }

    private sealed record Kind(string Name, string Text, Func<WorkloadParameters, IEnumerable<ulong>> Addresses);
}
