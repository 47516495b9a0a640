namespace BsdVm.Script;

/// <summary><c>file.truncate</c>, as truncate(2) would: what it adds is a hole.</summary>
/// <param name="File">The file's name.</param>
/// <param name="SizeBytes">The new size.</param>
public sealed record FileTruncateOperation(string File, ulong SizeBytes) : FileOperation(File)
{
    internal override string Text => $"file.truncate {File} {NumberText.Length(SizeBytes)}";

    internal static FileOperation? Parse(ref LineCursor line) =>
        line.TryName("file", out string file) && line.TryNumber("SIZE", out ulong size) ? new FileTruncateOperation(file, size) : null;

    internal override ScriptResult Execute(KernelScriptMachine machine) => machine.FindFile(File).Truncate(SizeBytes).ToWord();
}
