using System.Diagnostics.CodeAnalysis;

namespace BsdVm;

/// <summary>One machine's translation, as a factory: a walker for each processor and a pmap for each address space.</summary>
public abstract class PmapBackend
{
    /// <summary>The name that <c>--pmap</c> takes.</summary>
    public abstract string Name { get; }

    /// <summary>One line of what it is.</summary>
    public abstract string Description { get; }

    /// <summary>What the machine can do.</summary>
    public abstract PmapCapabilities Capabilities { get; }

    /// <summary>Makes the walker of one processor over <paramref name="memory"/>.</summary>
    public abstract Mmu CreateMmu(PhysicalMemory memory);

    /// <summary>Makes the pmap of a new address space. False if there is no frame for its root.</summary>
    public abstract bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap);
}
