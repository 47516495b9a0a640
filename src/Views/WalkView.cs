using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>A walk over page tables, step by step.</summary>
public static class WalkView
{
    /// <summary>Writes a line a load of the walk, with its meaning, and what comes out.</summary>
    public static void WriteText(TextWriter output, WalkExplanation walk)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(walk);
        output.WriteLine($"walk for {walk.Address}: {walk.Split}");
        int number = 0;
        foreach (WalkStep step in walk.Steps)
        {
            output.WriteLine(
                $"  {++number}. {step.Level} {step.Index} of the table at {step.Table}: "
                + $"load {step.EntryAddress} = 0x{Words.Hex(step.Entry, step.EntryBytes)}");
            output.WriteLine($"     {step.Meaning}");
        }

        output.WriteLine($"  {walk.Conclusion}");
        if (walk.Succeeds && number > 0)
        {
            output.WriteLine($"  {number + 1} memory references for one load without a TLB: {number} table entries and the word itself");
        }
    }

    /// <summary>Writes the walk, or where an address leads on a machine without tables in memory.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="walk">The walk (<see cref="VmSpace.Explain"/>), or null where there is nothing to walk.</param>
    /// <param name="space">The address space.</param>
    /// <param name="address">The address.</param>
    public static void WriteText(TextWriter output, WalkExplanation? walk, VmSpaceSnapshot space, VirtualAddress address)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(space);
        if (walk is not null)
        {
            WriteText(output, walk);
            return;
        }

        output.WriteLine(space.TryGetMapping(address, out PmapMapping mapping)
            ? $"{address}: frame {mapping.Frame}, {mapping.Rights.ToText()} (no tables in memory: nothing to walk)"
            : $"{address}: not mapped (no tables in memory: nothing to walk)");
    }

    /// <summary>The walk; <c>references</c> is null where there is nothing to walk. Parameters as for the text.</summary>
    public static JsonObject ToJson(WalkExplanation? walk, VmSpaceSnapshot space, VirtualAddress address)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new()
        {
            ["va"] = address.ToString(),
            ["pa"] = PhysicalOf(walk, space, address)?.ToString(),
            ["split"] = walk?.Split,
            ["steps"] = new JsonArray([.. (walk?.Steps ?? []).Select(static step => new JsonObject
            {
                ["level"] = step.Level,
                ["table"] = step.Table.ToString(),
                ["index"] = step.Index,
                ["address"] = step.EntryAddress.ToString(),
                ["entry"] = $"0x{step.Entry:x}",
                ["meaning"] = step.Meaning,
            })]),
            ["references"] = walk is { Steps.Length: > 0 } ? walk.Steps.Length : null,
            ["conclusion"] = walk?.Conclusion,
        };
    }

    private static PhysicalAddress? PhysicalOf(WalkExplanation? walk, VmSpaceSnapshot space, VirtualAddress address) =>
        walk is not null ? walk.Succeeds ? walk.Physical : null
        : space.TryGetMapping(address, out PmapMapping mapping) ? mapping.Frame.Address + address.OffsetInPage : null;
}
