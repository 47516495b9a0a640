using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary>Reads the <c>KEY=VALUE...</c> of a machine line.</summary>
internal static class MachineParser
{
    private const string Keys =
        "page, frames, swap, os, policy, pmap, cpus, tlb, overcommit, ram, map_limit, fork, brk, seed, schedule, forget, fail.frame, "
        + "fail.read, fail.swap";

    public static bool TryParse(ref LineCursor line, Func<string, string?>? pmapProblem, ref MachineOptions options)
    {
        HashSet<string> seen = [];
        while (!line.AtEnd)
        {
            if (!line.TryWord("KEY=VALUE", out string word) || !TryOption(ref line, word, seen, pmapProblem, ref options))
            {
                return false;
            }
        }

        return options.Os != OperatingSystemKind.Linux || options.Policy is null
            || line.Fail("policy= goes with os=bsd: os=linux is a policy of its own");
    }

    private static bool TryOption(
        ref LineCursor line, string word, HashSet<string> seen, Func<string, string?>? pmapProblem, ref MachineOptions options)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return line.Fail($"expected KEY=VALUE, found '{LineCursor.Cut(word)}'; the keys are {Keys}");
        }

        string key = word[..equals];
        string value = word[(equals + 1)..];
        if (!seen.Add(key))
        {
            return line.Fail($"{LineCursor.Cut(key)}= stands twice");
        }

        switch (key)
        {
            case "page":
                return TryNumber(ref line, key, value, out ulong page)
                    && (page == PageSize.BaseBytes || line.Fail($"page={LineCursor.Cut(value)}: the only page size is 4096"));
            case "cpus":
                return TryOnly(ref line, key, value, 1);
            case "swap":
                return TryOnly(ref line, key, value, 0);
            case "overcommit":
                return TryOvercommit(ref line, value, ref options);
            case "schedule" or "fail.read" or "fail.swap":
                return line.Fail($"{key}= is not yet supported");
            case "pmap":
                options = options with { Pmap = value };
                return TryPmap(ref line, value, pmapProblem);
            case "tlb":
                bool ok = TlbSpecification.TryParse(value, out TlbSpecification tlb, out string problem);
                options = options with { Tlb = tlb };
                return ok || line.Fail("tlb: " + problem);
            default:
                return TryEnum(ref line, key, value, ref options, out bool known) && (known || TryCount(ref line, key, value, ref options));
        }
    }

    private static bool TryEnum(ref LineCursor line, string key, string value, ref MachineOptions options, out bool known)
    {
        known = key is "os" or "policy" or "fork";
        switch (key)
        {
            case "os":
                bool ok = Words.TryParse(value, out OperatingSystemKind os);
                options = options with { Os = os };
                return ok || UnknownValue(ref line, key, value, Words.All<OperatingSystemKind>());
            case "policy":
                options = options with { Policy = MachineOptions.Policies.FirstOrDefault(policy => policy.Name == value) };
                return options.Policy is not null
                    || UnknownValue(ref line, key, value, string.Join(", ", MachineOptions.Policies.Select(static policy => policy.Name)));
            case "fork":
                options = options with { ForksEagerly = value == MachineOptions.Forks[1] };
                return MachineOptions.Forks.Contains(value) || UnknownValue(ref line, key, value, string.Join(", ", MachineOptions.Forks));
            default:
                return true;
        }
    }

    private static bool TryCount(ref LineCursor line, string key, string value, ref MachineOptions options)
    {
        if (key is not ("frames" or "brk" or "seed" or "forget" or "fail.frame" or "ram" or "map_limit"))
        {
            return line.Fail($"unknown key '{LineCursor.Cut(key)}'; the keys are {Keys}");
        }

        if (!TryNumber(ref line, key, value, out ulong number))
        {
            return false;
        }

        switch (key)
        {
            case "frames":
                options = options with { Frames = number };
                return number is > 0 and <= MachineOptions.MostFrames
                    || line.Fail($"frames={LineCursor.Cut(value)}: 1 to {MachineOptions.MostFrames}");
            case "brk":
                options = options with { Brk = new VirtualAddress(number) };
                return PageSize.Base.Divides(number) || line.Fail($"brk={LineCursor.Cut(value)}: not at the start of a page");
            case "ram":
                options = options with { RamBytes = number };
                return number > 0 || line.Fail("ram=0: a machine has some");
            case "map_limit":
                options = options with { MapLimit = number };
                return number is > 0 and <= int.MaxValue || line.Fail($"map_limit={LineCursor.Cut(value)}: 1 to {int.MaxValue}");
            case "fail.frame":
                options = options with { FailFrame = number };
                return number > 0 || line.Fail("fail.frame=0: requests count from 1");
            case "seed":
                options = options with { Seed = number };
                return true;
            default:
                options = options with { Forget = number };
                return true;
        }
    }

    private static bool TryOvercommit(ref LineCursor line, string value, ref MachineOptions options)
    {
        if (value == "strict")
        {
            return line.Fail("overcommit=strict is not yet supported");
        }

        bool ok = Words.TryParse(value, out ScriptOvercommit overcommit);
        options = options with { Overcommit = overcommit };
        return ok || UnknownValue(ref line, "overcommit", value, "strict, heuristic, always");
    }

    private static bool TryOnly(ref LineCursor line, string key, string value, ulong only) =>
        TryNumber(ref line, key, value, out ulong number)
        && (number == only || line.Fail($"{key}={LineCursor.Cut(value)} is not yet supported: only {key}={only} is"));

    private static bool TryPmap(ref LineCursor line, string value, Func<string, string?>? problemOf) =>
        problemOf?.Invoke(value) is { } problem ? line.Fail(problem) : value.Length > 0 || line.Fail("pmap= needs a name");

    private static bool TryNumber(ref LineCursor line, string key, string value, out ulong number) =>
        NumberText.TryParse(value, out number, out string problem) || line.Fail($"{key}: '{LineCursor.Cut(value)}' {problem}");

    private static bool UnknownValue(ref LineCursor line, string key, string value, string values) =>
        line.Fail($"unknown value '{LineCursor.Cut(value)}' of {key}; the values are {values}");
}
