using System.Globalization;

namespace BsdVm.Traces;

/// <summary>Reads page numbers, decimal or 0x, one a line; blank lines and what follows a # are left out.</summary>
internal sealed class PageListReader(TraceInput input) : TraceReader(input, TraceFormat.Pages)
{
    private const ulong LargestPage = ulong.MaxValue / PageSize.BaseBytes;

    private readonly LineBuffer _lines = new(input);
    private long _loads;

    public override TraceCounts Counts => new(0, _loads, 0, 0, 0, 0);

    public override TraceBatch Read(Span<TraceAccess> buffer)
    {
        int count = 0;
        while (count < buffer.Length && _lines.TryNext(out ReadOnlySpan<byte> line))
        {
            int comment = line.IndexOf((byte)'#');
            ReadOnlySpan<byte> number = (comment < 0 ? line : line[..comment]).Trim(" \t\r"u8);
            if (!number.IsEmpty)
            {
                buffer[count++] = new TraceAccess(new VirtualAddress(Page(number) * PageSize.BaseBytes), 1, TraceAccessKind.Load);
            }
        }

        _loads += count;
        return new TraceBatch(count, 0, null);
    }

    private ulong Page(ReadOnlySpan<byte> text)
    {
        bool isHex = text.StartsWith("0x"u8) || text.StartsWith("0X"u8);
        if (!ulong.TryParse(isHex ? text[2..] : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture, out ulong page))
        {
            throw TraceFormatException.AtLine(Name, _lines.LineNumber, $"{Printable.Quote(text)} is not a page number, decimal or 0x");
        }

        return page <= LargestPage
            ? page
            : throw TraceFormatException.AtLine(Name, _lines.LineNumber, $"page {Printable.Quote(text)} lies beyond 64-bit addresses");
    }
}
