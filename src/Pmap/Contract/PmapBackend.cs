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

    /// <summary>
    /// Makes what all pmaps of one machine share beyond what <see cref="PmapSystem"/> keeps, such as one table for all spaces; null for
    /// nothing. It is made once a machine and kept in <see cref="PmapSystem.BackendState"/>.
    /// </summary>
    /// <param name="system">The machine's pmaps, none of which is there yet.</param>
    public virtual object? CreateState(PmapSystem system) => null;

    /// <summary>Makes the pmap of a new address space. False if there is no frame for its root.</summary>
    public abstract bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap);
}
