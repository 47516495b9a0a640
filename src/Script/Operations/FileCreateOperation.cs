namespace BsdVm.Script;

/// <summary><c>file</c>: a new file whose bytes are all written, so that it has no hole.</summary>
/// <param name="File">The file's name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Value">What each byte is.</param>
public sealed record FileCreateOperation(string File, ulong SizeBytes, byte Value = 0) : FileOperation(File)
{
    /// <summary>The largest size that a script may give a file: 1 GB, as the file's bytes live in the host's memory.</summary>
    public const ulong LargestBytes = 1UL << 30;

    private const string TooLarge = "SIZE is at most 1G: every byte of it is written (file.truncate makes a larger one with a hole)";

    internal override string Text => $"file {File} {NumberText.Length(SizeBytes)}{(Value == 0 ? "" : $" {Value}")}";

    internal static FileOperation? Parse(ref LineCursor line)
    {
        byte value = 0;
        return line.TryName("file", out string file)
            && line.TryNumber("SIZE", out ulong size)
            && (size <= LargestBytes || line.Fail(TooLarge))
            && (line.AtEnd || line.AtResult || line.TryByte(out value))
                ? new FileCreateOperation(file, size, value)
                : null;
    }

    internal override string? Check(LifeCheck lives) => lives.AddFile(File, Line);

    internal override ScriptResult Execute(KernelScriptMachine machine)
    {
        machine.NameFile(File, machine.Kernel.CreateFile(File, SizeBytes, Value));
        return ScriptResult.Ok;
    }
}
