using System.Globalization;

namespace BsdVm;

/// <summary>A byte address on the memory bus, after translation.</summary>
public readonly record struct PhysicalAddress(ulong Value) : IComparable<PhysicalAddress>
{
    /// <summary>The frame that holds this address.</summary>
    public PageFrameNumber Frame => new(Value >> PageSize.Base.Shift);

    /// <summary>The bytes between the start of its frame and this address.</summary>
    public ulong OffsetInPage => Value & PageSize.Base.OffsetMask;

    /// <summary>Whether this is the first byte of a page of <paramref name="size"/>.</summary>
    public bool IsAligned(PageSize size) => (Value & size.OffsetMask) == 0;

    /// <summary>The first byte of the page of <paramref name="size"/> that holds this address.</summary>
    public PhysicalAddress RoundDown(PageSize size) => new(Value & ~size.OffsetMask);

    /// <summary>The address <paramref name="bytes"/> further up.</summary>
    public static PhysicalAddress operator +(PhysicalAddress address, ulong bytes) => new(unchecked(address.Value + bytes));

    /// <summary>Address order.</summary>
    public static bool operator <(PhysicalAddress left, PhysicalAddress right) => left.Value < right.Value;

    /// <summary>Address order.</summary>
    public static bool operator >(PhysicalAddress left, PhysicalAddress right) => left.Value > right.Value;

    /// <summary>Address order.</summary>
    public static bool operator <=(PhysicalAddress left, PhysicalAddress right) => left.Value <= right.Value;

    /// <summary>Address order.</summary>
    public static bool operator >=(PhysicalAddress left, PhysicalAddress right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(PhysicalAddress other) => Value.CompareTo(other.Value);

    /// <summary>Hexadecimal with <c>0x</c> and no leading zeros.</summary>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
