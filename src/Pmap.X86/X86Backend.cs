using System.Diagnostics.CodeAnalysis;

namespace BsdVm.X86;

/// <summary>An x86 table format as a backend.</summary>
internal sealed class X86Backend<TFormat>(string description, PmapCapabilities capabilities) : PmapBackend
    where TFormat : struct, IX86Format
{
    public override string Name => TFormat.Name;

    public override string Description => description;

    public override PmapCapabilities Capabilities => capabilities;

    public override Mmu CreateMmu(PhysicalMemory memory) => new X86Mmu<TFormat>(memory);

    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) =>
        X86Pmap<TFormat>.TryCreate(system, id, out pmap);
}
