using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Lab;

/// <summary>A 32-bit machine's translation without the part that its kernel keeps for itself: a comparison of structures has no kernel.</summary>
internal sealed class WholeSpaceBackend : PmapBackend
{
    private const int NarrowBits = 32;
    private readonly PmapBackend _inner;

    private WholeSpaceBackend(PmapBackend inner)
    {
        _inner = inner;
        Capabilities = inner.Capabilities with { UserLimit = 1UL << NarrowBits };
    }

    public override string Name => _inner.Name;

    public override string Description => _inner.Description;

    public override PmapCapabilities Capabilities { get; }

    /// <summary>The translation with all its addresses; itself where nothing is missing.</summary>
    public static PmapBackend Of(PmapBackend backend) =>
        backend.Capabilities is { VirtualAddressBits: NarrowBits, UserLimit: < 1UL << NarrowBits } ? new WholeSpaceBackend(backend) : backend;

    public override Mmu CreateMmu(PhysicalMemory memory) => _inner.CreateMmu(memory);

    public override object? CreateState(PmapSystem system) => _inner.CreateState(system);

    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) => _inner.TryCreatePmap(system, id, out pmap);
}
