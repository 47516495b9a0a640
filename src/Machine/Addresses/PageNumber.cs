using System.Globalization;

namespace BsdVm;

/// <summary>The number of a 4 KB page of virtual memory: its virtual address divided by 4096.</summary>
public readonly record struct PageNumber(ulong Value) : IComparable<PageNumber>
{
    /// <summary>The page's first byte.</summary>
    public VirtualAddress Address => new(Value << PageSize.Base.Shift);

    /// <summary>The page <paramref name="pages"/> further up, modulo 2^64.</summary>
    public static PageNumber operator +(PageNumber page, ulong pages) => new(unchecked(page.Value + pages));

    /// <summary>The distance in pages from <paramref name="right"/> up to <paramref name="left"/>, modulo 2^64.</summary>
    public static ulong operator -(PageNumber left, PageNumber right) => unchecked(left.Value - right.Value);

    /// <summary>Address order.</summary>
    public static bool operator <(PageNumber left, PageNumber right) => left.Value < right.Value;

    /// <summary>Address order.</summary>
    public static bool operator >(PageNumber left, PageNumber right) => left.Value > right.Value;

    /// <summary>Address order.</summary>
    public static bool operator <=(PageNumber left, PageNumber right) => left.Value <= right.Value;

    /// <summary>Address order.</summary>
    public static bool operator >=(PageNumber left, PageNumber right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(PageNumber other) => Value.CompareTo(other.Value);

    /// <summary>Hexadecimal with <c>0x</c>.</summary>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
