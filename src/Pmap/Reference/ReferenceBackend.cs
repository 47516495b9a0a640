using System.Diagnostics.CodeAnalysis;

namespace BsdVm;

/// <summary>
/// A machine without tables: its pmap is a dictionary, and its walker looks into it. The oracle that other backends are compared with, and
/// the fastest way to write a test. Its capabilities are those of x86-64 with protection keys, so that transcripts agree with that.
/// </summary>
public sealed class ReferenceBackend : PmapBackend
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override string Description => "a dictionary instead of tables: the oracle for the others";

    /// <inheritdoc/>
    public override PmapCapabilities Capabilities { get; } = new()
    {
        VirtualAddressBits = 48,
        PhysicalAddressBits = 52,
        UserLimit = 0x7FFF_FFFF_F000,
        PageSizes = [PageSize.Base],
        NoExecute = true,
        ExecuteOnly = true,
        WriteOnly = false,
        HardwareReferenced = true,
        HardwareModified = true,
        TagBits = 0,
    };

    /// <inheritdoc/>
    public override Mmu CreateMmu(PhysicalMemory memory) => new ReferenceMmu(Capabilities.UserLimit);

    /// <inheritdoc/>
    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap)
    {
        pmap = new ReferencePmap(system, id);
        return true;
    }
}
