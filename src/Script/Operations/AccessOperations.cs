namespace BsdVm.Script;

/// <summary><c>load</c>.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="LengthBytes">The number of bytes.</param>
public sealed record LoadOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    /// <summary>The longest load, and the longest read of a file, that a script may ask for: 16 MB, as every byte becomes text.</summary>
    public const ulong LongestBytes = 16UL << 20;

    internal override string Text => $"load {Address} {NumberText.Length(LengthBytes)}";

    internal override ResultShape Shape => ResultShape.Bytes;
}

/// <summary><c>store</c>.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="Bytes">What is stored.</param>
public sealed record StoreOperation(VirtualAddress Address, ByteString Bytes) : ProcessOperation
{
    internal override string Text => $"store {Address} {Bytes}";
}

/// <summary><c>fill</c>.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="LengthBytes">The number of bytes.</param>
/// <param name="Value">What each of them becomes.</param>
public sealed record FillOperation(VirtualAddress Address, ulong LengthBytes, byte Value) : ProcessOperation
{
    internal override string Text => $"fill {Address} {NumberText.Length(LengthBytes)} {Value}";
}

/// <summary><c>fetch</c>: one instruction fetch.</summary>
/// <param name="Address">The instruction's address.</param>
public sealed record FetchOperation(VirtualAddress Address) : ProcessOperation
{
    /// <summary>The only instruction that a fetch executes: x86 <c>ret</c>.</summary>
    public const byte ReturnInstruction = 0xc3;

    internal override string Text => $"fetch {Address}";
}

/// <summary><c>pread</c>: from a file into the process's memory.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="Address">Where the bytes go.</param>
/// <param name="LengthBytes">How many at most.</param>
public sealed record PreadOperation(string File, ulong Offset, VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"pread {File} {NumberText.Hex(Offset)} {Address} {NumberText.Length(LengthBytes)}";
}

/// <summary><c>pwrite</c>: from the process's memory into a file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="Address">Where the bytes come from.</param>
/// <param name="LengthBytes">How many.</param>
public sealed record PwriteOperation(string File, ulong Offset, VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"pwrite {File} {NumberText.Hex(Offset)} {Address} {NumberText.Length(LengthBytes)}";
}
