using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Mips;

/// <summary>A table structure on a machine, as a backend.</summary>
internal sealed class MipsBackend(string name, string description, PmapCapabilities capabilities, MipsMachine machine, MipsMaker maker) : PmapBackend
{
    public override string Name => name;

    public override string Description => description;

    public override PmapCapabilities Capabilities => capabilities;

    public override Mmu CreateMmu(PhysicalMemory memory) => machine.CreateMmu(memory);

    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) => maker(system, id, machine, out pmap);
}

/// <summary>Makes the pmap of an address space over one structure.</summary>
internal delegate bool MipsMaker(PmapSystem system, int id, MipsMachine machine, [NotNullWhen(true)] out Pmap? pmap);
