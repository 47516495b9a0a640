using System.Globalization;
using System.Text;
using BsdVm.Posix;

namespace BsdVm.Script;

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

    /// <summary>What <c>policy=</c> may say: which 4.4BSD.</summary>
    public static IReadOnlyList<VmPolicy> Policies { get; } = [VmPolicy.Corrected, VmPolicy.Lite2];

    /// <summary>What <c>fork=</c> may say: not eagerly, eagerly.</summary>
    internal static IReadOnlyList<string> Forks { get; } = ["cow", "eager"];

    /// <summary>The line it stands on; 0 where the script has no such line.</summary>
    public int Line { get; init; }

    /// <summary><c>frames</c>: physical page frames, 1 to <see cref="MostFrames"/>.</summary>
    public ulong? Frames { get; init; }

    /// <summary><c>os</c>.</summary>
    public OperatingSystemKind? Os { get; init; }

    /// <summary><c>policy</c>, with os=bsd: one of <see cref="Policies"/>.</summary>
    public VmPolicy? Policy { get; init; }

    /// <summary><c>pmap</c>: the backend's name.</summary>
    public string? Pmap { get; init; }

    /// <summary><c>tlb</c>.</summary>
    public TlbSpecification? Tlb { get; init; }

    /// <summary><c>fork</c>: whether it copies private memory at once (eager), not on the first write (cow).</summary>
    public bool? ForksEagerly { get; init; }

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
        Append(text, "policy", Policy?.Name);
        Append(text, "pmap", Pmap);
        Append(text, "tlb", Tlb?.ToString());
        Append(text, "fork", ForksEagerly is { } eagerly ? Forks[eagerly ? 1 : 0] : null);
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
