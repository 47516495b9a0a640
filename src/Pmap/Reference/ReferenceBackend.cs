using System.Diagnostics.CodeAnalysis;

namespace BsdVm;

/// <summary>
/// A machine whose translation is a dictionary: no tables, no frames for them, nothing to get wrong. It is what every other backend is
/// compared with, and can be given the capabilities of any of them.
/// </summary>
public sealed class ReferenceBackend : PmapBackend
{
    /// <summary>The capabilities of x86-64 with four levels and protection keys, so that transcripts compare with it.</summary>
    public ReferenceBackend()
        : this(new()
        {
            VirtualAddressBits = 48,
            PhysicalAddressBits = 46,
            UserLimit = 0x7FFF_FFFF_F000,
            PageSizes = [PageSize.Base],
            NoExecute = true,
            ExecuteOnly = true,
            WriteOnly = false,
            HardwareReferenced = true,
            HardwareModified = true,
            TagBits = 0,
        })
    {
    }

    /// <summary>Capabilities of your choice.</summary>
    /// <param name="capabilities">
    /// What the machine can do. Without <see cref="PmapCapabilities.HardwareModified"/> a store to a page that is not modified yet faults,
    /// so that software can record it; without <see cref="PmapCapabilities.HardwareReferenced"/> nobody records uses after the first.
    /// </param>
    public ReferenceBackend(PmapCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(capabilities);
        Capabilities = capabilities;
    }

    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override string Description => "a dictionary without tables in memory, the oracle of the others";

    /// <inheritdoc/>
    public override PmapCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public override Mmu CreateMmu(PhysicalMemory memory) => new ReferenceMmu(Capabilities);

    /// <inheritdoc/>
    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap)
    {
        pmap = new ReferencePmap(system, id, Capabilities);
        return true;
    }
}
