using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>Sharing of tables whatever the format.</summary>
internal static class SharedTables
{
    public static bool TryShare(Pmap pmap, Pmap donor, AddressRange range) => pmap switch
    {
        RadixPmap<X86TwoLevel> two => two.TryShareTables(donor, range),
        RadixPmap<X86Pae> pae => pae.TryShareTables(donor, range),
        RadixPmap<X86FourLevel> four => four.TryShareTables(donor, range),
        _ => throw new ArgumentException("No table to share.", nameof(pmap)),
    };
}
