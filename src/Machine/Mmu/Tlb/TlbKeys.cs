using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// What TLBs compare: the number of the virtual page, in units of its own size, over 12 bits of address-space tag; the top two bits
/// tell the size. Pages of 4 KB have 0 there, so that their key is their address with the tag in it.
/// </summary>
internal sealed class TlbKeys
{
    private const int TagBits = 12;
    private const ulong TagMask = (1UL << TagBits) - 1;
    private const int SizeShift = 62;
    private const ulong NumberMask = (1UL << SizeShift) - 1;

    private readonly int[] _shifts;

    public TlbKeys(ImmutableArray<PageSize> sizes) => _shifts = [.. sizes.Select(static size => size.Shift)];

    /// <summary>Page sizes, 4 KB among them.</summary>
    public int Count => _shifts.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfBasePage(ulong address, uint tag) => (address & ~TagMask) | tag;

    public static uint TagOf(ulong key) => (uint)(key & TagMask);

    /// <summary>The key without its tag: that of a global page, and the address of a page of 4 KB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WithoutTag(ulong key) => key & ~TagMask;

    /// <summary>The page's number in units of its own size, with the size above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NumberOf(ulong key) => key >> TagBits;

    /// <summary>The base-2 logarithm of the size of that number.</summary>
    public int ShiftOf(int size) => _shifts[size];

    /// <summary>The key of the page of the size of that number that holds an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong address, uint tag, int size) =>
        size == 0 ? OfBasePage(address, tag) : ((ulong)size << SizeShift) | ((address >> _shifts[size] << TagBits) & NumberMask) | tag;

    /// <summary>The largest size that a TLB keeps whole of a page of 2^<paramref name="pageShift"/> bytes.</summary>
    public int SizeFor(int pageShift)
    {
        int size = _shifts.Length - 1;
        while (_shifts[size] > pageShift)
        {
            size--;
        }

        return size;
    }

    /// <summary>The addresses that a key stands for.</summary>
    public AddressRange RangeOf(ulong key)
    {
        int size = _shifts.Length == 1 ? 0 : (int)(key >> SizeShift);
        if (size == 0 || size >= _shifts.Length)
        {
            return new AddressRange(new(WithoutTag(key)), PageSize.BaseBytes);
        }

        ulong number = NumberOf(key & NumberMask);
        return new AddressRange(new(number << _shifts[size]), 1UL << _shifts[size]);
    }
}
