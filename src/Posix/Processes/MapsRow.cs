namespace BsdVm.Posix;

/// <summary>One mapping as <c>maps</c> shows it.</summary>
/// <param name="Range">Its addresses.</param>
/// <param name="Protection">Its rights.</param>
/// <param name="IsShared">Shared or private.</param>
/// <param name="File">The file's name; null for memory that starts as zeros.</param>
/// <param name="Offset">Where its first byte lies in the file, or in the shared object; 0 for private anonymous memory.</param>
/// <param name="Identity">Tells objects of shared anonymous memory apart; 0 for everything else.</param>
public sealed record MapsRow(AddressRange Range, Protection Protection, bool IsShared, string? File, ulong Offset, long Identity)
{
    /// <summary><c>anon</c> or <c>file:NAME@0xOFFSET</c>.</summary>
    public string Source => File is null ? "anon" : $"file:{File}@0x{Offset:x}";

    /// <summary><c>START-END PROT SHARING SOURCE</c>, numbers in hexadecimal.</summary>
    public override string ToString() => $"{Range} {Protection.ToText()} {(IsShared ? "shared" : "private")} {Source}";
}
