namespace BsdVm.Script;

/// <summary><c>file.write</c>, as write(2) would.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="Bytes">What is written.</param>
public sealed record FileWriteOperation(string File, ulong Offset, ByteString Bytes) : FileOperation(File)
{
    internal override string Text => $"file.write {File} {NumberText.Hex(Offset)} {Bytes}";

    internal static FileOperation? Parse(ref LineCursor line) =>
        line.TryName("file", out string file)
        && line.TryNumber("OFFSET", out ulong offset)
        && line.TryString("STRING", out ByteString bytes)
            ? new FileWriteOperation(file, offset, bytes)
            : null;

    internal override ScriptResult Execute(KernelScriptMachine machine) => machine.FindFile(File).Write(Offset, Bytes.Span).ToWord();
}
