using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Arm;

/// <summary>ARM's short descriptors as a backend.</summary>
internal sealed class ArmBackend : PmapBackend
{
    public override string Name => "armv7-short";

    public override string Description => "ARMv7-A short descriptors: 16 KB first-level table, 1 KB second-level tables, ASIDs";

    public override PmapCapabilities Capabilities { get; } = new()
    {
        VirtualAddressBits = 32,
        PhysicalAddressBits = 32,
        UserLimit = 0xC000_0000,
        PageSizes = [PageSize.Base, new(16), new(20), new(24)],
        NoExecute = true,
        ExecuteOnly = false,
        WriteOnly = false,
        HardwareReferenced = false,
        HardwareModified = false,
        TagBits = 8,
    };

    public override Mmu CreateMmu(PhysicalMemory memory) => new ArmMmu(memory);

    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) =>
        ArmPmap.TryCreate(system, id, out pmap);
}
