using System.Collections.Immutable;

namespace BsdVm;

/// <summary>What a machine's translation can and cannot do. What it cannot is done in software above, or rounds up.</summary>
public sealed record PmapCapabilities
{
    /// <summary>Bits of a virtual address that take part in translation, 32 to 64.</summary>
    public required int VirtualAddressBits { get; init; }

    /// <summary>Bits of a physical address that a table entry can hold, 32 to 52.</summary>
    public required int PhysicalAddressBits { get; init; }

    /// <summary>The first address above everything that user mappings may use.</summary>
    public required ulong UserLimit { get; init; }

    /// <summary>Page sizes of the hardware, ascending; the first is 4 KB.</summary>
    public required ImmutableArray<PageSize> PageSizes { get; init; }

    /// <summary>A page can refuse fetches.</summary>
    public required bool NoExecute { get; init; }

    /// <summary>A page can allow fetches and refuse loads.</summary>
    public required bool ExecuteOnly { get; init; }

    /// <summary>A page can allow stores and refuse loads.</summary>
    public required bool WriteOnly { get; init; }

    /// <summary>The hardware records references in the tables.</summary>
    public required bool HardwareReferenced { get; init; }

    /// <summary>The hardware records stores in the tables.</summary>
    public required bool HardwareModified { get; init; }

    /// <summary>Bits of the address-space tag, 0 for none.</summary>
    public required int TagBits { get; init; }

    /// <summary>
    /// Its tables are sized once, for the machine's frames (<see cref="PmapSystem.ManagedFrames"/>): hashed and inverted ones.
    /// </summary>
    public bool SizedByFrames { get; init; }

    /// <summary>The smallest set of rights that the machine can express and that holds all of <paramref name="rights"/>.</summary>
    public Protection Express(Protection rights)
    {
        if (rights == Protection.None)
        {
            return Protection.None;
        }

        if (!ExecuteOnly && rights.Allows(Protection.Execute))
        {
            rights |= Protection.Read;
        }

        if (!WriteOnly && rights.Allows(Protection.Write))
        {
            rights |= Protection.Read;
        }

        return !NoExecute && rights.Allows(Protection.Read) ? rights | Protection.Execute : rights;
    }
}
