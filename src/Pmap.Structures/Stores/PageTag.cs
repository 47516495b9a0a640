using System.Runtime.CompilerServices;

namespace BsdVm.Structures;

/// <summary>
/// How tables name a page: the page address, and in a table that all spaces share the number of the space in its low 12 bits.
/// </summary>
/// <param name="Value">The word that stands in the table.</param>
public readonly record struct PageTag(ulong Value)
{
    /// <summary>Spaces that one shared table can tell apart.</summary>
    public const int SpaceLimit = (int)PageSize.BaseBytes;

    /// <summary>The page.</summary>
    public PageNumber Page => new VirtualAddress(Value).Page;

    /// <summary>The number of the space, 0 in a table of one space.</summary>
    public int Space => (int)new VirtualAddress(Value).OffsetInPage;

    /// <summary>The tag of the page that holds an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PageTag Of(VirtualAddress address, ulong space) => new(address.RoundDown(PageSize.Base).Value | space);

    /// <summary>The tag of the first of 2^<paramref name="factor"/> neighbouring pages, aligned, that this page is one of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PageTag OfBlock(int factor) => new(new PageSize(PageSize.Base.Shift + factor).RoundDown(Value) | new VirtualAddress(Value).OffsetInPage);

    /// <summary>Which of the 2^<paramref name="factor"/> pages of its block this is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IndexInBlock(int factor) => Page.Value & ((1UL << factor) - 1);
}
