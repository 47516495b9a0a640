using System.Globalization;
using System.Text.RegularExpressions;
using BsdVm.X86;

namespace BsdVm.Script.Tests;

/// <summary>
/// Which scenarios a machine of 32-bit addresses that cannot refuse fetches must tell as the wide one does: none of their numbers, asked
/// for or answered, lies above what it maps, no instruction is fetched, and no count of frames (tables differ) is part of the story.
/// </summary>
internal static partial class NarrowMachine
{
    private static ulong Limit => X86Backends.TwoLevel.Capabilities.UserLimit;

    /// <summary>Whether frames that tables take can be seen: memory is scarce, or one request of it fails.</summary>
    public static bool CountsFrames(VmScript script) => script.Machine.Frames is not null || script.Machine.FailFrame is not null;

    public static bool CanTell(VmScript script, IEnumerable<string> transcript) =>
        !CountsFrames(script)
        && !script.Operations.OfType<FetchOperation>().Any()
        && script.Operations.SelectMany(static operation => Numbers(operation.ToText())).Concat(transcript.SelectMany(Numbers))
            .All(static number => number < Limit);

    // Rows of maps give bare hexadecimal digits; everything else has 0x or is decimal, lengths with p for pages.
    [GeneratedRegex("0x(?<hex>[0-9a-fA-F]+)|\\b(?<hex>[0-9a-f]{8,})\\b|\\b(?<pages>[0-9]+)p|\\b(?<bytes>[0-9]+)")]
    private static partial Regex Number();

    private static IEnumerable<ulong> Numbers(string text) => Number().Matches(text).Select(static match =>
        match.Groups["hex"].Success ? Parse(match.Groups["hex"].Value, NumberStyles.HexNumber)
        : match.Groups["pages"].Success ? ToBytes(Parse(match.Groups["pages"].Value, NumberStyles.None))
        : Parse(match.Groups["bytes"].Value, NumberStyles.None));

    private static ulong ToBytes(ulong pages) =>
        pages > ulong.MaxValue / PageSize.BaseBytes ? ulong.MaxValue : pages * PageSize.BaseBytes;

    // What no 64-bit number holds counts as the largest.
    private static ulong Parse(string digits, NumberStyles style) =>
        ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong value) ? value : ulong.MaxValue;
}
