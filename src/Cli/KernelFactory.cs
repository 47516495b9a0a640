using System.CommandLine;
using BsdVm.Posix;
using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary>
/// The options that describe a machine, shared by the commands that run scenarios; they override the scenario's machine line.
/// </summary>
internal sealed class KernelFactory
{
    private readonly Option<string?> _os = new("--os") { Description = "bsd or linux" };
    private readonly Option<string?> _policy = new("--policy") { Description = "With --os bsd: corrected or lite2" };
    private readonly Option<string?> _pmap = new("--pmap") { Description = "The machine's tables; bsdvm list pmaps" };
    private readonly Option<string?> _index = new("--index") { Description = "rbtree or list" };
    private readonly Option<string?> _anon = new("--anon") { Description = "With --os bsd: shadow or amap" };
    private readonly Option<string?> _check = new("--check") { Description = "Invariants: off, amortized or every" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_os, _policy, _pmap, _index, _anon, _check])
        {
            command.Options.Add(option);
        }
    }

    public KernelScriptMachine Build(ParseResult parsed, VmScript script)
    {
        MachineOptions machine = script.Machine;
        string? system = OneOf("os", parsed.GetValue(_os), ["bsd", "linux"]);
        bool isLinux = system is null ? machine.Os == OperatingSystemKind.Linux : system == "linux";
        string? policy = OneOf("policy", parsed.GetValue(_policy), [.. Choices.Policies.Select(static choice => choice.Name)]);
        string? anon = OneOf("anon", parsed.GetValue(_anon), [.. Choices.Anons.Select(static choice => choice.Name)]);
        string? index = OneOf("index", parsed.GetValue(_index), [.. Choices.Indexes.Select(static choice => choice.Name)]);
        string? check = OneOf("check", parsed.GetValue(_check), ["off", "amortized", "every"]);
        if (isLinux && (policy is not null || anon == "shadow"))
        {
            throw new UsageException("--os linux implies its own policy and --anon amap");
        }

        if (!isLinux && (machine.RamBytes is not null || machine.MapLimit is not null || machine.Overcommit == ScriptOvercommit.Heuristic))
        {
            throw new UsageException($"{script.FileName}:{machine.Line}: ram=, map_limit= and overcommit=heuristic go with os=linux");
        }

        bool isLite2 = policy is null ? machine.Policy == VmPolicy.Lite2 && !isLinux : policy == "lite2";
        bool hasAmaps = isLinux || anon == "amap";
        ulong frames = machine.Frames ?? MachineOptions.DefaultFrames;
        if (frames < 16)
        {
            throw new UsageException($"{script.FileName}:{machine.Line}: frames={frames}: a machine needs at least 16");
        }

        try
        {
            return new KernelScriptMachine(new Kernel(new KernelConfiguration
            {
                Backend = Choices.Pmap(parsed.GetValue(_pmap) ?? machine.Pmap ?? MachineOptions.DefaultPmap),
                FrameCount = (int)frames,
                Tlb = machine.Tlb ?? TlbSpecification.Default,
                OperatingSystem = isLinux ? OperatingSystemKind.Linux : OperatingSystemKind.Bsd,
                Policy = isLite2 ? VmPolicy.Lite2 : VmPolicy.Corrected,
                CreateAnonymousLayer = system => hasAmaps ? new AmapLayer(system) : new ShadowLayer(system),
                CreateIndex = minimum => index == "list" ? new ListIndex(minimum) : new RedBlackIndex(minimum),
                ForksEagerly = machine.ForksEagerly ?? false,
                BreakStart = machine.Brk?.Value ?? 0x8000000,
                MappingLimit = (int)(machine.MapLimit ?? 65530),
                RamBytes = machine.Overcommit == ScriptOvercommit.Always ? null : machine.RamBytes,
                ForgetSeed = machine.Forget,
                FailFrame = (long)(machine.FailFrame ?? 0),
                Check = check switch { "every" => CheckMode.Every, "amortized" => CheckMode.Amortized, _ => CheckMode.Off },
            }));
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException($"{script.FileName}: {e.Message}");
        }
    }

    private static string? OneOf(string what, string? value, string[] valid) =>
        value is null || valid.Contains(value) ? value : throw Choices.Unknown("--" + what, value, valid);
}
