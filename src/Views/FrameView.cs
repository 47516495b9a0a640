using System.Collections.Immutable;
using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>Frames and paging queues.</summary>
public static class FrameView
{
    private const int FramesShown = 32;

    /// <summary>Writes the counts and the queues, and every frame in use where <paramref name="allFrames"/> asks for them.</summary>
    public static void WriteText(TextWriter output, VmPagesSnapshot pages, bool allFrames)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(pages);
        output.WriteLine(
            $"frames: {pages.TotalCount} in all, {pages.FreeCount} free, {pages.WiredCount} wired, {pages.TableCount} in page tables");
        WriteQueue(output, "active", pages.Active);
        WriteQueue(output, "inactive", pages.Inactive);
        foreach (VmPageSnapshot frame in pages.InUse.Where(_ => allFrames))
        {
            output.WriteLine($"  {frame}");
        }

        output.WriteLine();
    }

    /// <summary>An object with the counts.</summary>
    public static JsonObject ToJson(VmPagesSnapshot pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        return new()
        {
            ["total"] = pages.TotalCount,
            ["free"] = pages.FreeCount,
            ["active"] = pages.Active.Length,
            ["inactive"] = pages.Inactive.Length,
            ["wired"] = pages.WiredCount,
            ["pageTables"] = pages.TableCount,
        };
    }

    private static void WriteQueue(TextWriter output, string name, ImmutableArray<PageFrameNumber> frames)
    {
        string rest = frames.Length > FramesShown ? $" ... {frames.Length - FramesShown} more" : "";
        output.WriteLine($"  {name,-8} {frames.Length,4}: {string.Join(" ", frames.Take(FramesShown))}{rest}");
    }
}
