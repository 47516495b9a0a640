namespace BsdVm;

/// <summary>
/// The bytes of a simulated file on its disk, page by page. Pages that were never written are holes (or the byte that the file was made
/// with) and take no host memory.
/// </summary>
internal sealed class FileStore
{
    private readonly Dictionary<ulong, byte[]> _pages = [];
    private readonly byte _fill;

    // Bytes below this are the fill byte where no page says otherwise; what lies above was added later and is a hole.
    private ulong _filledBytes;

    public FileStore(ulong sizeBytes, byte fill)
    {
        _fill = fill;
        _filledBytes = sizeBytes;
    }

    /// <summary>Whether the page was ever written, the making of the file included.</summary>
    public bool HasData(ulong index) => index * PageSize.BaseBytes < _filledBytes || _pages.ContainsKey(index);

    public void ReadPage(ulong index, PhysicalMemory memory, PageFrameNumber frame)
    {
        memory.ZeroFrame(frame);
        if (_pages.TryGetValue(index, out byte[]? page))
        {
            memory.Write(frame.Address, page);
        }
        else if (_fill != 0 && FilledIn(index) > 0)
        {
            Span<byte> bytes = stackalloc byte[(int)PageSize.BaseBytes];
            bytes.Clear();
            bytes[..FilledIn(index)].Fill(_fill);
            memory.Write(frame.Address, bytes);
        }
    }

    public void Read(ulong index, int offset, Span<byte> destination)
    {
        if (_pages.TryGetValue(index, out byte[]? page))
        {
            page.AsSpan(offset, destination.Length).CopyTo(destination);
            return;
        }

        destination.Clear();
        int filled = Math.Clamp(FilledIn(index) - offset, 0, destination.Length);
        destination[..filled].Fill(_fill);
    }

    public void WritePage(ulong index, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Writable(index));

    public void Write(ulong index, int offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Writable(index).AsSpan(offset));

    /// <summary>Forgets everything from a byte offset up: it reads as zeros from now on.</summary>
    public void Truncate(ulong sizeBytes)
    {
        ulong firstGone = PageSize.Base.RoundUp(sizeBytes) / PageSize.BaseBytes;
        foreach (ulong index in _pages.Keys.Where(index => index >= firstGone).ToArray())
        {
            _pages.Remove(index);
        }

        if (_pages.TryGetValue(sizeBytes / PageSize.BaseBytes, out byte[]? last))
        {
            last.AsSpan((int)PageSize.Base.OffsetIn(sizeBytes)).Clear();
        }

        _filledBytes = Math.Min(_filledBytes, sizeBytes);
    }

    private int FilledIn(ulong index)
    {
        ulong start = index * PageSize.BaseBytes;
        return _filledBytes <= start ? 0 : (int)Math.Min(_filledBytes - start, PageSize.BaseBytes);
    }

    private byte[] Writable(ulong index)
    {
        if (!_pages.TryGetValue(index, out byte[]? page))
        {
            page = new byte[PageSize.BaseBytes];
            page.AsSpan(0, FilledIn(index)).Fill(_fill);
            _pages.Add(index, page);
        }

        return page;
    }
}
