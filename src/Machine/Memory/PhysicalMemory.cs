using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BsdVm;

/// <summary>
/// The machine's physical memory from address 0, in 4 KB frames, little-endian.
/// A frame that nobody wrote reads as zeros and costs no host memory; host memory is taken 64 frames (256 KB) at a time when one of
/// them is first written. Reads outside the memory give all ones, writes there are lost, as on an unpopulated bus.
/// </summary>
public sealed class PhysicalMemory
{
    private const int ChunkFrameShift = 6;
    private const int ChunkByteShift = 18;
    private const int WordsPerFrame = 512;
    private const int WordsPerChunk = 1 << (ChunkByteShift - 3);

    // All chunks that nobody wrote are this one: reads need no test. It is never written.
    private static readonly ulong[] Untouched = new ulong[WordsPerChunk];

    private readonly ulong[][] _chunks;

    // One bit a frame: written since it was last zeroed. A frame with a clear bit holds zeros.
    private readonly ulong[] _written;

    /// <summary>Memory of <paramref name="frameCount"/> frames of 4 KB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one frame, or more than 2^36 (256 TB).</exception>
    public PhysicalMemory(ulong frameCount)
    {
        ArgumentOutOfRangeException.ThrowIfZero(frameCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameCount, 1UL << 36);
        FrameCount = frameCount;
        int chunks = (int)((frameCount + (1 << ChunkFrameShift) - 1) >> ChunkFrameShift);
        _chunks = new ulong[chunks][];
        Array.Fill(_chunks, Untouched);
        _written = new ulong[chunks];
        int tail = (int)(frameCount & ((1 << ChunkFrameShift) - 1));
        if (tail != 0)
        {
            // The last chunk reaches past the end: ones stand there, so that reads need no second test.
            Take((ulong)chunks - 1).AsSpan(tail * WordsPerFrame).Fill(ulong.MaxValue);
        }
    }

    /// <summary>The number of 4 KB frames.</summary>
    public ulong FrameCount { get; }

    /// <summary>The size in bytes.</summary>
    public ulong LengthBytes => FrameCount * PageSize.BaseBytes;

    /// <summary>Frames that hold something other than never-written zeros.</summary>
    public ulong WrittenFrameCount
    {
        get
        {
            ulong count = 0;
            foreach (ulong bits in _written)
            {
                count += (ulong)System.Numerics.BitOperations.PopCount(bits);
            }

            return count;
        }
    }

    /// <summary>Whether the byte at <paramref name="address"/> exists.</summary>
    public bool Contains(PhysicalAddress address) => address.Value < LengthBytes;

    /// <summary>Whether the frame was written since it was last zeroed.</summary>
    public bool IsWritten(PageFrameNumber frame) =>
        frame.Value < FrameCount && (_written[frame.Value >> ChunkFrameShift] >> (int)(frame.Value & 63) & 1) != 0;

    /// <summary>The aligned 64-bit word at <paramref name="address"/>; its low three bits are ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read64(PhysicalAddress address)
    {
        ulong chunk = address.Value >> ChunkByteShift;
        ulong[][] chunks = _chunks;
        return chunk < (ulong)chunks.Length ? Word(chunks[chunk], address) : ulong.MaxValue;
    }

    /// <summary>The aligned 32-bit word at <paramref name="address"/>; its low two bits are ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read32(PhysicalAddress address) => (uint)(Read64(address) >> (int)((address.Value & 4) << 3));

    /// <summary>The byte at <paramref name="address"/>.</summary>
    public byte Read8(PhysicalAddress address) => (byte)(Read64(address) >> (int)((address.Value & 7) << 3));

    /// <summary>Writes the aligned 64-bit word at <paramref name="address"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write64(PhysicalAddress address, ulong value)
    {
        ulong chunk = address.Value >> ChunkByteShift;
        if (address.Value >= LengthBytes)
        {
            return;
        }

        ulong[] words = _chunks[chunk];
        if (ReferenceEquals(words, Untouched))
        {
            words = Take(chunk);
        }

        _written[chunk] |= 1UL << (int)(address.Frame.Value & 63);
        Word(words, address) = value;
    }

    /// <summary>Writes the aligned 32-bit word at <paramref name="address"/>.</summary>
    public void Write32(PhysicalAddress address, uint value)
    {
        int shift = (int)((address.Value & 4) << 3);
        Write64(address, (Read64(address) & ~(0xFFFFFFFFUL << shift)) | ((ulong)value << shift));
    }

    /// <summary>Writes the byte at <paramref name="address"/>.</summary>
    public void Write8(PhysicalAddress address, byte value)
    {
        int shift = (int)((address.Value & 7) << 3);
        Write64(address, (Read64(address) & ~(0xFFUL << shift)) | ((ulong)value << shift));
    }

    /// <summary>Copies bytes out of memory. The range must not leave its frame.</summary>
    public void Read(PhysicalAddress address, Span<byte> destination)
    {
        Debug.Assert(address.OffsetInPage + (ulong)destination.Length <= PageSize.BaseBytes);
        if (!Contains(address))
        {
            destination.Fill(0xFF);
            return;
        }

        FrameBytes(_chunks[address.Value >> ChunkByteShift], address.Frame)
            .Slice((int)address.OffsetInPage, destination.Length).CopyTo(destination);
    }

    /// <summary>Copies bytes into memory. The range must not leave its frame.</summary>
    public void Write(PhysicalAddress address, ReadOnlySpan<byte> source)
    {
        Debug.Assert(address.OffsetInPage + (ulong)source.Length <= PageSize.BaseBytes);
        if (Contains(address) && source.Length > 0)
        {
            source.CopyTo(Writable(address.Frame)[(int)address.OffsetInPage..]);
        }
    }

    /// <summary>Makes the whole frame zeros again. Costs nothing for a frame that nobody wrote.</summary>
    public void ZeroFrame(PageFrameNumber frame)
    {
        ulong chunk = frame.Value >> ChunkFrameShift;
        ulong bit = 1UL << (int)(frame.Value & 63);
        if ((_written[chunk] & bit) != 0)
        {
            _chunks[chunk].AsSpan((int)(frame.Value & 63) * WordsPerFrame, WordsPerFrame).Clear();
            _written[chunk] &= ~bit;
        }
    }

    /// <summary>Copies one whole frame over another one.</summary>
    public void CopyFrame(PageFrameNumber source, PageFrameNumber destination)
    {
        if (!IsWritten(source))
        {
            ZeroFrame(destination);
            return;
        }

        FrameBytes(_chunks[source.Value >> ChunkFrameShift], source).CopyTo(Writable(destination));
    }

    /// <summary>The 4096 bytes of a frame, to read only.</summary>
    public ReadOnlySpan<byte> Frame(PageFrameNumber frame) => FrameBytes(_chunks[frame.Value >> ChunkFrameShift], frame);

    /// <summary>Writes all of memory to a stream that can seek, leaving holes where nothing was written.</summary>
    public void Dump(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        for (ulong frame = 0; frame < FrameCount; frame++)
        {
            if (IsWritten(new(frame)))
            {
                stream.Position = (long)new PageFrameNumber(frame).Address.Value;
                stream.Write(Frame(new(frame)));
            }
        }

        stream.SetLength((long)LengthBytes);
    }

    // All chunks are equally long and the mask keeps the index inside: reading the length for a check would touch one more cache line,
    // the array's header, and headers of chunks lie at nearly equal distances, in the same few sets of the host's caches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ulong Word(ulong[] words, PhysicalAddress address) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(words), (nint)((address.Value >> 3) & (WordsPerChunk - 1)));

    // A frame's bytes as the little-endian bus shows them. The host is little-endian, as every platform of .NET that this library is built
    // for.
    private static Span<byte> FrameBytes(ulong[] words, PageFrameNumber frame) =>
        MemoryMarshal.AsBytes(words.AsSpan((int)(frame.Value & 63) * WordsPerFrame, WordsPerFrame));

    private Span<byte> Writable(PageFrameNumber frame)
    {
        ulong chunk = frame.Value >> ChunkFrameShift;
        ulong[] words = _chunks[chunk];
        if (ReferenceEquals(words, Untouched))
        {
            words = Take(chunk);
        }

        _written[chunk] |= 1UL << (int)(frame.Value & 63);
        return FrameBytes(words, frame);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong[] Take(ulong chunk) => _chunks[chunk] = new ulong[WordsPerChunk];
}
