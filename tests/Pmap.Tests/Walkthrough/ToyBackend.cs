using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Tests.Walkthrough;

public sealed class ToyBackend : PmapBackend
{
    public override string Name => "toy";
    public override string Description => "two levels of 8-byte entries for 32 address bits";
    public override PmapCapabilities Capabilities { get; } = new ReferenceBackend().Capabilities with
    {
        VirtualAddressBits = 32,
        PhysicalAddressBits = 40,
        UserLimit = 0xC000_0000,
        WriteOnly = true,
    };
    public override Mmu CreateMmu(PhysicalMemory memory) => new ToyMmu(memory);
    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) =>
        (pmap = ToyPmap.Create(system, id)) is not null;
}
