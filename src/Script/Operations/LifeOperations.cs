namespace BsdVm.Script;

/// <summary><c>fork</c>.</summary>
/// <param name="Child">The new process's name.</param>
public sealed record ForkOperation(string Child) : ProcessOperation
{
    internal override string Text => $"fork {Child}";
}

/// <summary><c>vfork</c>: the parent stands still until the child exits.</summary>
/// <param name="Child">The new process's name.</param>
public sealed record VforkOperation(string Child) : ProcessOperation
{
    internal override string Text => $"vfork {Child}";
}

/// <summary><c>exit</c>.</summary>
public sealed record ExitOperation : ProcessOperation
{
    internal override string Text => "exit";
}

/// <summary><c>wait</c>.</summary>
/// <param name="Child">The child waited for.</param>
public sealed record WaitOperation(string Child) : ProcessOperation
{
    internal override string Text => $"wait {Child}";
}
