using System.Collections.Immutable;
using BsdVm.Structures;

namespace BsdVm.Mips;

/// <summary>
/// The entries that a refill handler would load for a pmap's mappings, as an independent R4000 needs them: pairs of neighbouring pages in
/// address order, as many as the TLB has entries.
/// </summary>
internal static class MipsTlbImage
{
    private const int EntryCount = 48;

    // Two neighbouring pages.
    private static readonly PageSize Pair = new(PageSize.Base.Shift + 1);

    /// <summary>The entries; null if the R4000 has fewer address bits than the machine, whose registers then say something else.</summary>
    public static TranslationRoot? Describe(Pmap pmap, int addressBits)
    {
        if (addressBits != 40)
        {
            return null;
        }

        var entries = ImmutableArray.CreateBuilder<TlbEntryImage>();
        foreach (PmapMapping mapping in pmap.Mappings(new(new(0), 1UL << addressBits)))
        {
            ulong pair = Pair.RoundDown(mapping.Address.Value);
            ulong hi = pair | (pmap.Tag & 0xFF);
            if (entries.Count == 0 || entries[^1].EntryHi != hi)
            {
                if (entries.Count == EntryCount)
                {
                    break;
                }

                entries.Add(new(0, hi, 0, 0));
            }

            ulong lo = TablePte.Encode(mapping) & MipsPte.EntryLoMask;
            bool isOdd = mapping.Address.Value != pair;
            entries[^1] = isOdd ? entries[^1] with { EntryLo1 = lo } : entries[^1] with { EntryLo0 = lo };
        }

        // Status.UX: the 40 address bits are those of 64-bit addressing.
        return new("mips", [new("mode64", 1UL)], entries.ToImmutable());
    }
}
