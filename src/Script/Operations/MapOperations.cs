namespace BsdVm.Script;

/// <summary>What a mapping shows: memory that starts as zeros, or a file.</summary>
/// <param name="File">The file's name; null for anonymous memory.</param>
/// <param name="Offset">The file offset of the first byte.</param>
/// <param name="ReadOnly">Whether the file is opened for reading only.</param>
public sealed record ScriptSource(string? File, ulong Offset = 0, bool ReadOnly = false)
{
    /// <summary>Anonymous memory.</summary>
    public static ScriptSource Anonymous { get; } = new((string?)null);

    /// <summary><c>anon</c> or <c>file:NAME@OFFSET[:ro]</c>.</summary>
    public override string ToString() =>
        File is null ? "anon" : $"file:{File}@{NumberText.Hex(Offset)}{(ReadOnly ? ":ro" : "")}";
}

/// <summary><c>mmap</c>.</summary>
/// <param name="Address">Exactly there; null lets the system choose.</param>
/// <param name="LengthBytes">The length, any value.</param>
/// <param name="Protection">The rights.</param>
/// <param name="Shared">Stores are seen by everyone who maps the same.</param>
/// <param name="Source">What is mapped.</param>
/// <param name="NoReplace">EEXIST where something is mapped already.</param>
/// <param name="GrowsDown">A stack: it grows on a fault just below.</param>
public sealed record MmapOperation(
    VirtualAddress? Address,
    ulong LengthBytes,
    Protection Protection,
    bool Shared,
    ScriptSource Source,
    bool NoReplace = false,
    bool GrowsDown = false) : ProcessOperation
{
    internal override string Text =>
        $"mmap {Address?.ToString() ?? "any"} {NumberText.Length(LengthBytes)} {Protection.ToText()} {(Shared ? "shared" : "private")} {Source}"
        + (NoReplace ? " noreplace" : "") + (GrowsDown ? " growsdown" : "");
}

/// <summary><c>munmap</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MunmapOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"munmap {Address} {NumberText.Length(LengthBytes)}";
}

/// <summary><c>mprotect</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Protection">The new rights.</param>
public sealed record MprotectOperation(VirtualAddress Address, ulong LengthBytes, Protection Protection) : ProcessOperation
{
    internal override string Text => $"mprotect {Address} {NumberText.Length(LengthBytes)} {Protection.ToText()}";
}

/// <summary><c>mremap</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="OldLengthBytes">The length now.</param>
/// <param name="NewLengthBytes">The length wanted.</param>
/// <param name="MayMove">The system may choose another place.</param>
/// <param name="Target">Move exactly there; null: no such wish.</param>
public sealed record MremapOperation(
    VirtualAddress Address, ulong OldLengthBytes, ulong NewLengthBytes, bool MayMove, VirtualAddress? Target) : ProcessOperation
{
    internal override string Text =>
        $"mremap {Address} {NumberText.Length(OldLengthBytes)} {NumberText.Length(NewLengthBytes)}"
        + (MayMove ? " maymove" : "") + (Target is null ? "" : $" to {Target}");
}

/// <summary><c>maps</c>.</summary>
/// <param name="Address">The first address of the range asked for; null for the usual range.</param>
/// <param name="LengthBytes">The length of that range.</param>
public sealed record MapsOperation(VirtualAddress? Address = null, ulong LengthBytes = 0) : ProcessOperation
{
    /// <summary>The first address of the range that <c>maps</c> alone prints.</summary>
    public const ulong UsualStart = 0x10000000;

    /// <summary>The first address behind the range that <c>maps</c> alone prints.</summary>
    public const ulong UsualEnd = 0x70000000;

    internal override string Text => Address is null ? "maps" : $"maps {Address} {NumberText.Length(LengthBytes)}";
}

/// <summary><c>brk</c>.</summary>
/// <param name="Address">The new break.</param>
public sealed record BrkOperation(VirtualAddress Address) : ProcessOperation
{
    internal override string Text => $"brk {Address}";
}

/// <summary><c>sbrk</c>.</summary>
/// <param name="DeltaBytes">How far the break moves, negative for down.</param>
public sealed record SbrkOperation(long DeltaBytes) : ProcessOperation
{
    internal override string Text =>
        DeltaBytes < 0 ? $"sbrk -{NumberText.Length(unchecked((ulong)-DeltaBytes))}" : $"sbrk {NumberText.Length((ulong)DeltaBytes)}";
}
