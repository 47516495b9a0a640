namespace BsdVm;

/// <summary>The size of a page or a large page, a power of two.</summary>
/// <param name="Shift">The base-2 logarithm of the size in bytes, 12 for 4 KB.</param>
public readonly record struct PageSize(int Shift) : IComparable<PageSize>
{
    /// <summary>4 KB: the size of a frame, the unit of everything machine-independent.</summary>
    public static readonly PageSize Base = new(12);

    /// <summary>Bytes in a frame, as a constant for arithmetic.</summary>
    public const ulong BaseBytes = 4096;

    /// <summary>The size in bytes.</summary>
    public ulong Bytes => 1UL << Shift;

    /// <summary>The low bits of an address that lie inside a page.</summary>
    public ulong OffsetMask => Bytes - 1;

    /// <summary>The largest multiple of this size at or below <paramref name="value"/>, an address, offset or length in bytes.</summary>
    public ulong RoundDown(ulong value) => value & ~OffsetMask;

    /// <summary>The smallest multiple of this size at or above <paramref name="value"/>, in bytes, modulo 2^64.</summary>
    public ulong RoundUp(ulong value) => unchecked(value + OffsetMask) & ~OffsetMask;

    /// <summary>The bytes between the last boundary of this size and <paramref name="value"/>.</summary>
    public ulong OffsetIn(ulong value) => value & OffsetMask;

    /// <summary>Whether <paramref name="value"/>, in bytes, is a multiple of this size.</summary>
    public bool Divides(ulong value) => (value & OffsetMask) == 0;

    /// <summary>Size order.</summary>
    public static bool operator <(PageSize left, PageSize right) => left.Shift < right.Shift;

    /// <summary>Size order.</summary>
    public static bool operator >(PageSize left, PageSize right) => left.Shift > right.Shift;

    /// <summary>Size order.</summary>
    public static bool operator <=(PageSize left, PageSize right) => left.Shift <= right.Shift;

    /// <summary>Size order.</summary>
    public static bool operator >=(PageSize left, PageSize right) => left.Shift >= right.Shift;

    /// <inheritdoc/>
    public int CompareTo(PageSize other) => Shift.CompareTo(other.Shift);

    /// <summary>As people write it: <c>4K</c>, <c>2M</c>, <c>1G</c>.</summary>
    public override string ToString() => Shift switch
    {
        >= 30 => $"{1UL << (Shift - 30)}G",
        >= 20 => $"{1UL << (Shift - 20)}M",
        >= 10 => $"{1UL << (Shift - 10)}K",
        _ => $"{1UL << Shift}",
    };
}
