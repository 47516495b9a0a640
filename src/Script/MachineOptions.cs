using System.Globalization;
using System.Text;

namespace BsdVm.Script;

/// <summary>The system modelled.</summary>
public enum ScriptOs
{
    /// <summary>4.4BSD.</summary>
    Bsd,

    /// <summary>Linux.</summary>
    Linux,
}

/// <summary>Which 4.4BSD, with <see cref="ScriptOs.Bsd"/>.</summary>
public enum ScriptPolicy
{
    /// <summary>Its known bugs corrected, as FreeBSD or UVM did it.</summary>
    Corrected,

    /// <summary>4.4BSD-Lite2 as it was.</summary>
    Lite2,
}

/// <summary>How <c>fork</c> copies private memory.</summary>
public enum ScriptFork
{
    /// <summary>On the first write.</summary>
    Cow,

    /// <summary>At once.</summary>
    Eager,
}

/// <summary>What a system promises.</summary>
public enum ScriptOvercommit
{
    /// <summary>All but a single request for more than there is.</summary>
    Heuristic,

    /// <summary>Everything.</summary>
    Always,
}

/// <summary>
/// The <c>machine</c> line of a script: a value for every key that it gives, null for every other. The command line overrides it, so the
/// defaults belong to whoever runs the script.
/// </summary>
public sealed record MachineOptions
{
    /// <summary>Most page frames that a script may ask for: 64 GB.</summary>
    public const ulong MostFrames = 1UL << 24;

    /// <summary>The default number of page frames: 256 MB.</summary>
    public const ulong DefaultFrames = 65536;

    /// <summary>The default backend.</summary>
    public const string DefaultPmap = "x86-4level";

    /// <summary>The line it stands on; 0 where the script has no such line.</summary>
    public int Line { get; init; }

    /// <summary><c>frames</c>: physical page frames, 1 to <see cref="MostFrames"/>.</summary>
    public ulong? Frames { get; init; }

    /// <summary><c>os</c>.</summary>
    public ScriptOs? Os { get; init; }

    /// <summary><c>policy</c>.</summary>
    public ScriptPolicy? Policy { get; init; }

    /// <summary><c>pmap</c>: the backend's name.</summary>
    public string? Pmap { get; init; }

    /// <summary><c>tlb</c>.</summary>
    public TlbSpecification? Tlb { get; init; }

    /// <summary><c>fork</c>.</summary>
    public ScriptFork? Fork { get; init; }

    /// <summary><c>brk</c>: where the heap starts, page aligned.</summary>
    public VirtualAddress? Brk { get; init; }

    /// <summary><c>map_limit</c>: mappings that a process may have, with os=linux; at least 1.</summary>
    public ulong? MapLimit { get; init; }

    /// <summary><c>overcommit</c>: whether one request may ask for more than <see cref="RamBytes"/>, with os=linux.</summary>
    public ScriptOvercommit? Overcommit { get; init; }

    /// <summary><c>ram</c>: bytes of memory that heuristic overcommit counts with; without it there is no limit.</summary>
    public ulong? RamBytes { get; init; }

    /// <summary><c>seed</c> of everything that is random.</summary>
    public ulong? Seed { get; init; }

    /// <summary><c>forget</c>: drop random unwired mappings between any two steps, with this seed.</summary>
    public ulong? Forget { get; init; }

    /// <summary><c>fail.frame</c>: the N-th request for a frame fails, from 1.</summary>
    public ulong? FailFrame { get; init; }

    /// <summary>The line as text, without keys that were not given; empty if none was.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        Append(text, "frames", Frames?.ToString(CultureInfo.InvariantCulture));
        Append(text, "os", Os is { } os ? Words.Text(os) : null);
        Append(text, "policy", Policy is { } policy ? Words.Text(policy) : null);
        Append(text, "pmap", Pmap);
        Append(text, "tlb", Tlb?.ToString());
        Append(text, "fork", Fork is { } fork ? Words.Text(fork) : null);
        Append(text, "brk", Brk?.ToString());
        Append(text, "overcommit", Overcommit is { } overcommit ? Words.Text(overcommit) : null);
        Append(text, "ram", RamBytes?.ToString(CultureInfo.InvariantCulture));
        Append(text, "map_limit", MapLimit?.ToString(CultureInfo.InvariantCulture));
        Append(text, "seed", Seed?.ToString(CultureInfo.InvariantCulture));
        Append(text, "forget", Forget?.ToString(CultureInfo.InvariantCulture));
        Append(text, "fail.frame", FailFrame?.ToString(CultureInfo.InvariantCulture));
        return text.Length == 0 ? "" : "machine" + text;
    }

    private static void Append(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $" {key}={value}");
        }
    }
}
