using BsdVm.Posix;

namespace BsdVm.Script;

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

    internal static ProcessOperation? Parse(ref LineCursor line)
    {
        if (line.AtEnd || line.AtResult)
        {
            return new MapsOperation();
        }

        return line.TryRange(out VirtualAddress address, out ulong length) ? new MapsOperation(address, length) : null;
    }

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        ulong start = Address?.Value ?? UsualStart;
        ulong length = Address is null ? UsualEnd - UsualStart : LengthBytes;
        var range = new AddressRange(new(start), Math.Min(length, ulong.MaxValue - start));
        return new RowsResult([.. process.Maps(range).Select(static row =>
            new MapRow(row.Range.Start.Value, row.Range.End.Value, row.Protection, row.IsShared, row.File, row.Offset, row.Identity))]);
    }
}
