namespace BsdVm.Script;

/// <summary><c>file</c>: a new file whose bytes are all written, so that it has no hole.</summary>
/// <param name="File">The file's name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Value">What each byte is.</param>
public sealed record FileCreateOperation(string File, ulong SizeBytes, byte Value = 0) : FileOperation(File)
{
    /// <summary>The largest size that a script may give a file: 1 GB, as the file's bytes live in the host's memory.</summary>
    public const ulong LargestBytes = 1UL << 30;

    internal override string Text => $"file {File} {NumberText.Length(SizeBytes)}{(Value == 0 ? "" : $" {Value}")}";
}

/// <summary><c>file.write</c>, as write(2) would.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="Bytes">What is written.</param>
public sealed record FileWriteOperation(string File, ulong Offset, ByteString Bytes) : FileOperation(File)
{
    internal override string Text => $"file.write {File} {NumberText.Hex(Offset)} {Bytes}";
}

/// <summary><c>file.read</c>, as read(2) would.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="LengthBytes">How many bytes at most.</param>
public sealed record FileReadOperation(string File, ulong Offset, ulong LengthBytes) : FileOperation(File)
{
    internal override string Text => $"file.read {File} {NumberText.Hex(Offset)} {NumberText.Length(LengthBytes)}";

    internal override ResultShape Shape => ResultShape.Bytes;
}

/// <summary><c>file.truncate</c>, as truncate(2) would: what it adds is a hole.</summary>
/// <param name="File">The file's name.</param>
/// <param name="SizeBytes">The new size.</param>
public sealed record FileTruncateOperation(string File, ulong SizeBytes) : FileOperation(File)
{
    internal override string Text => $"file.truncate {File} {NumberText.Length(SizeBytes)}";
}
