using System.Globalization;

namespace BsdVm.Script;

/// <summary>One row of <c>maps</c>, with what it does not print but <c>--coalesce</c> needs.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address behind it.</param>
/// <param name="Protection">The rights.</param>
/// <param name="Shared">Shared or private.</param>
/// <param name="File">The file's name; null for anonymous memory.</param>
/// <param name="Offset">Offset of the first byte in the file, or in the object of shared anonymous memory; of no meaning for private
/// anonymous memory.</param>
/// <param name="Identity">Tells objects of shared anonymous memory apart; 0 for everything else.</param>
public sealed record MapRow(ulong Start, ulong End, Protection Protection, bool Shared, string? File, ulong Offset, long Identity = 0)
{
    /// <summary><c>START-END PROT SHARING SOURCE</c>, numbers in hexadecimal.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Start:x}-{End:x} {Protection.ToText()} {(Shared ? "shared" : "private")} {Source}");

    /// <summary>
    /// The rows with neighbours merged that print alike and whose offsets meet. Two neighbouring shared mappings of different
    /// anonymous objects stay two.
    /// </summary>
    public static IReadOnlyList<MapRow> Coalesce(IReadOnlyList<MapRow> rows)
    {
        List<MapRow> merged = new(rows.Count);
        foreach (MapRow row in rows)
        {
            if (merged.Count > 0 && merged[^1].Meets(row))
            {
                merged[^1] = merged[^1] with { End = row.End };
            }
            else
            {
                merged.Add(row);
            }
        }

        return merged;
    }

    private string Source => File is null ? "anon" : string.Create(CultureInfo.InvariantCulture, $"file:{File}@0x{Offset:x}");

    private bool Meets(MapRow next) =>
        End == next.Start
        && Protection == next.Protection
        && Shared == next.Shared
        && File == next.File
        && Identity == next.Identity
        && ((File is null && !Shared) || unchecked(Offset + (End - Start)) == next.Offset);
}
