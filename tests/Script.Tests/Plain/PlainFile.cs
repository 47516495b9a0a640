namespace BsdVm.Script.Tests;

/// <summary>A file, or an object of shared anonymous memory: bytes by page, zeros where none were put.</summary>
internal sealed class PlainFile(string? name, ulong size)
{
    private readonly Dictionary<ulong, byte[]> _pages = [];

    public string? Name { get; } = name;

    public ulong Size { get; private set; } = size;

    /// <summary>The page's bytes for reading and writing; null wholly past the end.</summary>
    public byte[]? Page(ulong number)
    {
        if (number * PageSize.BaseBytes >= Size)
        {
            return null;
        }

        if (!_pages.TryGetValue(number, out byte[]? page))
        {
            _pages[number] = page = new byte[PageSize.BaseBytes];
        }

        return page;
    }

    public void Write(ulong offset, ReadOnlySpan<byte> bytes)
    {
        Size = Math.Max(Size, bytes.IsEmpty ? 0 : offset + (ulong)bytes.Length);
        foreach (byte value in bytes)
        {
            Page(offset / PageSize.BaseBytes)![offset % PageSize.BaseBytes] = value;
            offset++;
        }
    }

    public byte[] Read(ulong offset, ulong length)
    {
        byte[] bytes = new byte[offset >= Size ? 0 : Math.Min(length, Size - offset)];
        for (int index = 0; index < bytes.Length; index++, offset++)
        {
            bytes[index] = Page(offset / PageSize.BaseBytes)![offset % PageSize.BaseBytes];
        }

        return bytes;
    }

    public void Truncate(ulong size)
    {
        if (size < Size)
        {
            foreach (ulong number in _pages.Keys.Where(number => number * PageSize.BaseBytes >= size).ToList())
            {
                _pages.Remove(number);
            }

            Page(size / PageSize.BaseBytes)?.AsSpan((int)(size % PageSize.BaseBytes)).Clear();
        }

        Size = size;
    }
}
