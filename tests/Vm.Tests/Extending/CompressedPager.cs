using System.IO.Compression;
using BsdVm.Conformance;

namespace BsdVm.Tests.Extending;

/// <summary>Keeps the pages that are put, each compressed. Pages that nobody put are not there: they read as zeros.</summary>
public sealed class CompressedPager(ulong pageCount) : Pager
{
    private const int Quality = 1;
    private const int WindowBits = 16;
    private readonly Dictionary<ulong, byte[]> _pages = [];

    public override string Kind => "compressed";

    public int StoredBytes => _pages.Values.Sum(static page => page.Length);

    public override PagerLookup HasPage(ulong index) =>
        index >= pageCount ? PagerLookup.OutOfRange
        : _pages.ContainsKey(index) ? PagerLookup.Present
        : PagerLookup.Absent;

    public override PagerStatus GetPage(PagerTransfer transfer)
    {
        Span<byte> page = stackalloc byte[(int)PageSize.BaseBytes];
        if (!BrotliDecoder.TryDecompress(_pages[transfer.Index], page, out int length) || length != page.Length)
        {
            return PagerStatus.Error;
        }

        transfer.Memory.Write(transfer.Frame.Address, page);
        return PagerStatus.Done;
    }

    public override PagerStatus PutPage(ulong index, PhysicalMemory memory, PageFrameNumber frame)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength((int)PageSize.BaseBytes)];
        if (!BrotliEncoder.TryCompress(memory.Frame(frame), buffer, out int length, Quality, WindowBits))
        {
            return PagerStatus.Error;
        }

        _pages[index] = buffer[..length];
        return PagerStatus.Done;
    }

    public override void FreePage(ulong index) => _pages.Remove(index);
}

public class CompressedPagerConformance : PagerConformance
{
    protected override PagerTraits Traits { get; } = new() { PageCount = 16 };

    protected override Pager CreatePager(VmSystem system) => new CompressedPager(16);
}
