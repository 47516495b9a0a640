using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>file.read</c>, as read(2) would.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="LengthBytes">How many bytes at most.</param>
public sealed record FileReadOperation(string File, ulong Offset, ulong LengthBytes) : FileOperation(File)
{
    internal override string Text => $"file.read {File} {NumberText.Hex(Offset)} {NumberText.Length(LengthBytes)}";

    internal override ResultShape Shape => ResultShape.Bytes;

    internal static FileOperation? Parse(ref LineCursor line) =>
        line.TryName("file", out string file)
        && line.TryNumber("OFFSET", out ulong offset)
        && line.TryNumber("LEN", out ulong length)
        && (length <= LoadOperation.LongestBytes || line.Fail("LEN of file.read is at most 16M"))
            ? new FileReadOperation(file, offset, length)
            : null;

    internal override ScriptResult Execute(KernelScriptMachine machine)
    {
        KernelFile file = machine.FindFile(File);
        ulong size = file.Vnode.SizeBytes;
        var bytes = new byte[Offset < size ? Math.Min(LengthBytes, size - Offset) : 0];
        SyscallResult result = file.Read(Offset, bytes);
        return result.Succeeded ? new BytesResult(new ByteString(bytes.AsSpan(0, (int)result.Value))) : result.ToWord();
    }
}
