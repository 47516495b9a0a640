using System.Runtime.CompilerServices;

namespace BsdVm;

/// <content>What puts translations in. A global translation is kept under tag 0.</content>
public sealed partial class TlbHierarchy
{
    /// <summary>Puts a translation that the second level had, or a walk found, into the first one.</summary>
    /// <param name="address">The address of the access.</param>
    /// <param name="tag">The address-space tag.</param>
    /// <param name="access">Which of the two TLBs is used.</param>
    /// <param name="translation">The translation word of the 4 KB around the address.</param>
    /// <param name="pageShift">The base-2 logarithm of the page's size. A TLB without that size takes the largest part that it has.</param>
    public void FillFirst(ulong address, uint tag, AccessKind access, ulong translation, int pageShift = 12)
    {
        Fill(First(access), address, tag, translation, pageShift);
        Remember(address, tag, access, translation);
    }

    /// <summary>Puts the translation that a walk found into both levels. Parameters as in <see cref="FillFirst"/>.</summary>
    public void Fill(ulong address, uint tag, AccessKind access, ulong translation, int pageShift = 12)
    {
        if (_second is not null)
        {
            Fill(_second, address, tag, translation, pageShift);
        }

        FillFirst(address, tag, access, translation, pageShift);
    }

    /// <summary>
    /// Puts in the translation that a walk found although the first level had one, with too few rights or not yet modified. Each level
    /// that still has the key's way, invalidated or not, takes it there without counting a use; nothing else is filled unless the first
    /// level has lost the key. Parameters as in <see cref="FillFirst"/>.
    /// </summary>
    public void Upgrade(ulong address, uint tag, AccessKind access, ulong translation, int pageShift = 12)
    {
        if (_keys.Count > 1)
        {
            DropOtherSizes(address, tag, _keys.SizeFor(pageShift));
        }

        if (!TryUpgrade(First(access), address, tag, translation, pageShift))
        {
            Fill(address, tag, access, translation, pageShift);
            return;
        }

        if (_second is not null)
        {
            TryUpgrade(_second, address, tag, translation, pageShift);
        }

        Remember(address, tag, access, translation);
    }

    private static uint StoredTag(uint tag, ulong translation) => (translation & (ulong)TlbFlags.Global) != 0 ? 0 : tag;

    // A joint TLB keeps one order of uses for both kinds of access: then nobody may skip a use because his own kind had it last.
    private void Remember(ulong address, uint tag, AccessKind access, ulong translation)
    {
        (access == AccessKind.Execute ? ref _lastInstruction : ref _lastData) =
            new() { Key = TlbKeys.OfBasePage(address, tag), Translation = translation };
        if (_isJoint)
        {
            (access == AccessKind.Execute ? ref _lastData : ref _lastInstruction) = TlbLastUse.None;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(Tlb tlb, ulong address, uint tag, ulong translation, int pageShift)
    {
        _mayHoldGlobal |= (translation & (ulong)TlbFlags.Global) != 0;
        uint storedTag = StoredTag(tag, translation);
        if (!_isSpecial)
        {
            ulong page = TlbKeys.OfBasePage(address, storedTag);
            DropShadow(tlb, page, tag);
            tlb.Fill(page, translation);
            return;
        }

        int size = _keys.SizeFor(pageShift);
        ulong key = _keys.Of(address, storedTag, size);
        DropShadow(tlb, key, tag);
        tlb.Fill(key, translation - InPage(address, size));
    }

    private bool TryUpgrade(Tlb tlb, ulong address, uint tag, ulong translation, int pageShift)
    {
        _mayHoldGlobal |= (translation & (ulong)TlbFlags.Global) != 0;
        int size = _keys.SizeFor(pageShift);
        ulong key = _keys.Of(address, StoredTag(tag, translation), size);
        DropShadow(tlb, key, tag);
        return tlb.TryUpgrade(key, translation - InPage(address, size));
    }

    // A page that became part of a larger one, or the other way round: what was filled before must not stay beside it.
    private void DropOtherSizes(ulong address, uint tag, int kept)
    {
        for (int size = 0; size < _keys.Count; size++)
        {
            if (size != kept)
            {
                InvalidateKey(_first[0], address, tag, size);
                InvalidateKey(_first[1], address, tag, size);
                if (_second is not null)
                {
                    InvalidateKey(_second, address, tag, size);
                }
            }
        }

        DropLastUses(address, address, tag);
    }

    // A page that becomes global in an address space must not be hidden by what was filled for that space alone.
    private static void DropShadow(Tlb tlb, ulong key, uint tag)
    {
        if (TlbKeys.TagOf(key) != tag)
        {
            tlb.Invalidate(key | tag, onlyGlobal: false);
        }
    }
}
