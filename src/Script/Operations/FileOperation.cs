namespace BsdVm.Script;

/// <summary>An operation on a file from outside every process.</summary>
/// <param name="File">The file's name.</param>
public abstract record FileOperation(string File) : ScriptOperation
{
    internal sealed override string Subject => "";

    internal override string? Check(LifeCheck lives) => lives.FileProblem(File);
}
