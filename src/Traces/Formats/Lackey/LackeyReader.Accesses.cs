using System.Buffers.Binary;

namespace BsdVm.Traces;

internal sealed partial class LackeyReader
{
    private const byte NoDigit = 0xff;

    // The first three characters of a line, as a little-endian number.
    private const uint FetchPrefix = 'I' | (' ' << 8) | (' ' << 16);
    private const uint LoadPrefix = ' ' | ('L' << 8) | (' ' << 16);
    private const uint StorePrefix = ' ' | ('S' << 8) | (' ' << 16);
    private const uint ModifyPrefix = ' ' | ('M' << 8) | (' ' << 16);

    private static readonly byte[] HexDigit = MakeHexDigits();

    /// <summary>Takes access lines until the buffer is full, the whole lines at hand are used up or another kind of line comes.</summary>
    private int ParseAccesses(Span<TraceAccess> buffer)
    {
        ReadOnlySpan<byte> bytes = _lines.Bytes;
        int position = _lines.Position;
        int limit = _lines.Limit;
        int count = 0;
        long straddling = 0;
        while (count < buffer.Length && position < limit)
        {
            if (!TryPrefix(BinaryPrimitives.ReadUInt32LittleEndian(bytes[position..]) & 0xffffff, out TraceAccessKind kind))
            {
                break;
            }

            int next = ParseAddressAndSize(bytes, position + 3, out ulong address, out uint sizeBytes);
            if (next == 0)
            {
                throw BadAccess(position, count);
            }

            var access = new TraceAccess(new VirtualAddress(address), (int)sizeBytes, kind);
            buffer[count++] = access;
            _countByKind[(int)kind]++;
            straddling += access.StraddlesPage ? 1 : 0;
            position = next;
        }

        _straddling += straddling;
        _lines.Position = position;
        _lines.LineNumber += count;
        return count;
    }

    private static bool TryPrefix(uint prefix, out TraceAccessKind kind)
    {
        kind = prefix switch
        {
            FetchPrefix => TraceAccessKind.Fetch,
            LoadPrefix => TraceAccessKind.Load,
            StorePrefix => TraceAccessKind.Store,
            ModifyPrefix => TraceAccessKind.Modify,
            _ => (TraceAccessKind)NoDigit,
        };
        return kind != (TraceAccessKind)NoDigit;
    }

    /// <summary>
    /// Parses <c>hex,decimal</c> up to the newline. Returns the position behind the newline, or 0 where something is wrong.
    /// </summary>
    private static int ParseAddressAndSize(ReadOnlySpan<byte> bytes, int position, out ulong address, out uint sizeBytes)
    {
        byte[] digits = HexDigit;
        address = 0;
        sizeBytes = 0;
        int start = position;
        for (byte digit; (digit = digits[bytes[position]]) != NoDigit; position++)
        {
            address = (address << 4) | digit;
        }

        int length = position - start;
        if (length is 0 or > 16 || bytes[position++] != ',')
        {
            return 0;
        }

        start = position;
        for (uint digit; (digit = bytes[position] - (uint)'0') <= 9 && position - start < 5; position++)
        {
            sizeBytes = (sizeBytes * 10) + digit;
        }

        if (bytes[position] == '\r')
        {
            position++;
        }

        bool isSound = sizeBytes - 1 < TraceAccess.MaxSizeBytes && address + (sizeBytes - 1) >= address && bytes[position] == '\n';
        return isSound ? position + 1 : 0;
    }

    private TraceFormatException BadAccess(int position, int count)
    {
        ReadOnlySpan<byte> line = _lines.Bytes.AsSpan(position);
        return TraceFormatException.AtLine(Name, _lines.LineNumber + count + 1,
            $"{Printable.Quote(line[..line.IndexOf((byte)'\n')])} is no access: address in hexadecimal, comma, "
            + $"size from 1 to {TraceAccess.MaxSizeBytes} wanted");
    }

    private static byte[] MakeHexDigits()
    {
        var table = new byte[256];
        Array.Fill(table, NoDigit);
        for (int i = 0; i < 16; i++)
        {
            table["0123456789abcdef"[i]] = (byte)i;
        }

        return table;
    }
}
