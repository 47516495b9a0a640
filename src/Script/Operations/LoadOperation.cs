using System.Buffers;
using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>load</c>.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="LengthBytes">The number of bytes.</param>
public sealed record LoadOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    /// <summary>The longest load, and the longest read of a file, that a script may ask for: 16 MB, as every byte becomes text.</summary>
    public const ulong LongestBytes = 16UL << 20;

    private const int PieceBytes = 1 << 16;

    internal override string Text => $"load {Address} {NumberText.Length(LengthBytes)}";

    internal override ResultShape Shape => ResultShape.Bytes;

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) && (length <= LongestBytes || line.Fail("LEN of load is at most 16M"))
            ? new LoadOperation(address, length)
            : null;

    // Piece by piece: most long loads of a random script fault at once, and need no buffer of their length.
    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (ulong done = 0; done < LengthBytes;)
        {
            Span<byte> piece = bytes.GetSpan(PieceBytes)[..(int)Math.Min(PieceBytes, LengthBytes - done)];
            AccessResult result = process.Load(unchecked(Address.Value + done), piece);
            if (result.Signal != Signal.None)
            {
                return result.ToWord();
            }

            bytes.Advance(piece.Length);
            done += (ulong)piece.Length;
        }

        return new BytesResult(new ByteString(bytes.WrittenSpan));
    }
}
