namespace BsdVm.Script;

/// <summary>How private memory is kept.</summary>
public enum ScriptAnon
{
    /// <summary>Chains of shadow objects, as 4.4BSD.</summary>
    Shadow,

    /// <summary>Maps of anons, as UVM.</summary>
    Amap,
}

/// <summary>What the command line says about the machine; null leaves it to the script, and then to the defaults.</summary>
public sealed record RunOptions
{
    /// <summary><c>--os</c>.</summary>
    public ScriptOs? Os { get; init; }

    /// <summary><c>--policy</c>.</summary>
    public ScriptPolicy? Policy { get; init; }

    /// <summary><c>--pmap</c>.</summary>
    public string? Pmap { get; init; }

    /// <summary><c>--anon</c>.</summary>
    public ScriptAnon? Anon { get; init; }
}
