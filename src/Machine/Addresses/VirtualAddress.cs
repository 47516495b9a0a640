using System.Globalization;

namespace BsdVm;

/// <summary>A byte address as a program uses it, before translation. 64 bits; a backend says how many of them it can map.</summary>
public readonly record struct VirtualAddress(ulong Value) : IComparable<VirtualAddress>
{
    /// <summary>The 4 KB page that holds this address.</summary>
    public PageNumber Page => new(Value >> PageSize.Base.Shift);

    /// <summary>The bytes between the start of its 4 KB page and this address.</summary>
    public ulong OffsetInPage => Value & PageSize.Base.OffsetMask;

    /// <summary>Whether this is the first byte of a page of <paramref name="size"/>.</summary>
    public bool IsAligned(PageSize size) => (Value & size.OffsetMask) == 0;

    /// <summary>The first byte of the page of <paramref name="size"/> that holds this address (trunc_page).</summary>
    public VirtualAddress RoundDown(PageSize size) => new(Value & ~size.OffsetMask);

    /// <summary>The first boundary of <paramref name="size"/> at or above this address, modulo 2^64 (round_page).</summary>
    public VirtualAddress RoundUp(PageSize size) => new(size.RoundUp(Value));

    /// <summary>The address <paramref name="bytes"/> further up, modulo 2^64.</summary>
    public static VirtualAddress operator +(VirtualAddress address, ulong bytes) => new(unchecked(address.Value + bytes));

    /// <summary>The address <paramref name="bytes"/> further down, modulo 2^64.</summary>
    public static VirtualAddress operator -(VirtualAddress address, ulong bytes) => new(unchecked(address.Value - bytes));

    /// <summary>The distance in bytes from <paramref name="right"/> up to <paramref name="left"/>, modulo 2^64.</summary>
    public static ulong operator -(VirtualAddress left, VirtualAddress right) => unchecked(left.Value - right.Value);

    /// <summary>Address order.</summary>
    public static bool operator <(VirtualAddress left, VirtualAddress right) => left.Value < right.Value;

    /// <summary>Address order.</summary>
    public static bool operator >(VirtualAddress left, VirtualAddress right) => left.Value > right.Value;

    /// <summary>Address order.</summary>
    public static bool operator <=(VirtualAddress left, VirtualAddress right) => left.Value <= right.Value;

    /// <summary>Address order.</summary>
    public static bool operator >=(VirtualAddress left, VirtualAddress right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(VirtualAddress other) => Value.CompareTo(other.Value);

    /// <summary>Hexadecimal with <c>0x</c> and no leading zeros.</summary>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
