using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Script;

/// <summary>The machine that a script runs on, with every choice made: the command line's, else the script's, else the default.</summary>
public sealed record RunConfiguration
{
    private RunConfiguration()
    {
    }

    /// <summary>The system modelled.</summary>
    public ScriptOs Os { get; private init; }

    /// <summary>Which 4.4BSD; null with Linux, which is a policy of its own.</summary>
    public ScriptPolicy? Policy { get; private init; }

    /// <summary>How private memory is kept.</summary>
    public ScriptAnon Anon { get; private init; }

    /// <summary>The backend's name.</summary>
    public string Pmap { get; private init; } = MachineOptions.DefaultPmap;

    /// <summary>Everything else, which only the script says.</summary>
    public MachineOptions Machine { get; private init; } = new();

    /// <summary>Physical page frames.</summary>
    public ulong Frames => Machine.Frames ?? MachineOptions.DefaultFrames;

    /// <summary>
    /// Makes the choices. False with a sentence in <paramref name="problem"/> where they make no sense together. A policy that only the
    /// script names is passed over when the command line makes the system Linux.
    /// </summary>
    public static bool TryResolve(
        MachineOptions machine,
        RunOptions options,
        [NotNullWhen(true)] out RunConfiguration? configuration,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(options);
        ScriptOs os = options.Os ?? machine.Os ?? ScriptOs.Bsd;
        ScriptPolicy policy = options.Policy ?? machine.Policy ?? ScriptPolicy.Corrected;
        ScriptAnon anon = options.Anon ?? (os == ScriptOs.Linux ? ScriptAnon.Amap : ScriptAnon.Shadow);
        problem = Problem(os, options.Policy, policy, anon);
        configuration = problem is not null ? null : new RunConfiguration
        {
            Os = os,
            Policy = os == ScriptOs.Linux ? null : policy,
            Anon = anon,
            Pmap = options.Pmap ?? machine.Pmap ?? MachineOptions.DefaultPmap,
            Machine = machine,
        };
        return configuration is not null;
    }

    private static string? Problem(ScriptOs os, ScriptPolicy? asked, ScriptPolicy policy, ScriptAnon anon)
    {
        if (os == ScriptOs.Linux)
        {
            return asked is not null ? "--policy goes with --os bsd: linux is a policy of its own"
                : anon == ScriptAnon.Shadow ? "--anon shadow does not go with --os linux, which answers page by page: use --anon amap"
                : null;
        }

        return policy == ScriptPolicy.Lite2 && anon == ScriptAnon.Amap
            ? "--anon amap does not go with --policy lite2, whose private memory is shadow objects"
            : null;
    }
}
