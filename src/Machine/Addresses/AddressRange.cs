namespace BsdVm;

/// <summary>
/// A half-open range of virtual addresses. It may end at the very top of the 64-bit space: <see cref="End"/> is then 0, and
/// <see cref="Last"/> is the form to compare with. A range never wraps past the top.
/// </summary>
public readonly record struct AddressRange
{
    /// <summary>A range of <paramref name="lengthBytes"/> bytes from <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentException">The range would wrap past 2^64.</exception>
    public AddressRange(VirtualAddress start, ulong lengthBytes)
    {
        if (lengthBytes != 0 && unchecked(start.Value + lengthBytes - 1) < start.Value)
        {
            throw new ArgumentException("The range wraps past the top of the address space.", nameof(lengthBytes));
        }

        Start = start;
        LengthBytes = lengthBytes;
    }

    /// <summary>The first address.</summary>
    public VirtualAddress Start { get; }

    /// <summary>The length in bytes, possibly 0.</summary>
    public ulong LengthBytes { get; }

    /// <summary>The first address behind the range; 0 where the range ends at 2^64.</summary>
    public VirtualAddress End => Start + LengthBytes;

    /// <summary>The last address of a range that is not empty.</summary>
    public VirtualAddress Last => Start + (LengthBytes - 1);

    /// <summary>Whether there is no address in it.</summary>
    public bool IsEmpty => LengthBytes == 0;

    /// <summary>The number of base pages, for a range that is page aligned.</summary>
    public ulong PageCount => LengthBytes >> PageSize.Base.Shift;

    /// <summary>The range from one address up to another one.</summary>
    /// <exception cref="ArgumentException"><paramref name="end"/> lies below <paramref name="start"/>.</exception>
    public static AddressRange FromTo(VirtualAddress start, VirtualAddress end) =>
        end < start ? throw new ArgumentException("The end lies below the start.", nameof(end)) : new(start, end - start);

    /// <summary>The range of one 4 KB page.</summary>
    public static AddressRange OfPage(PageNumber page) => new(page.Address, PageSize.BaseBytes);

    /// <summary>The addresses in both ranges; an empty range where there are none.</summary>
    public AddressRange Intersect(AddressRange other)
    {
        if (!Overlaps(other))
        {
            return default;
        }

        VirtualAddress start = Start > other.Start ? Start : other.Start;
        VirtualAddress last = Last < other.Last ? Last : other.Last;
        return new(start, last - start + 1);
    }

    /// <summary>The smallest range of whole pages of <paramref name="size"/> that holds this one.</summary>
    /// <exception cref="ArgumentException">The range would wrap past 2^64.</exception>
    public AddressRange RoundOut(PageSize size) =>
        IsEmpty ? new(Start.RoundDown(size), 0) : new(Start.RoundDown(size), Last.RoundDown(size) - Start.RoundDown(size) + size.Bytes);

    /// <summary>Whether start and length are multiples of <paramref name="size"/>.</summary>
    public bool IsAligned(PageSize size) => Start.IsAligned(size) && size.Divides(LengthBytes);

    /// <summary>Whether <paramref name="address"/> lies in the range.</summary>
    public bool Contains(VirtualAddress address) => address - Start < LengthBytes;

    /// <summary>Whether the two ranges share an address.</summary>
    public bool Overlaps(AddressRange other) =>
        !IsEmpty && !other.IsEmpty && (Start - other.Start < other.LengthBytes || other.Start - Start < LengthBytes);

    /// <summary><c>start-end</c> in hexadecimal without <c>0x</c>, as /proc/PID/maps writes it.</summary>
    public override string ToString() => $"{Start.Value:x}-{End.Value:x}";
}
