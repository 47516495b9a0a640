using System.Diagnostics.CodeAnalysis;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>A table structure on a machine, as a backend.</summary>
public sealed class StructureBackend : PmapBackend
{
    /// <summary>A structure with its defaults, under a hardware walker.</summary>
    public StructureBackend(TableStructure structure)
        : this(structure, HardwareWalker.Instance)
    {
    }

    /// <summary>A structure with its defaults, on a machine.</summary>
    public StructureBackend(TableStructure structure, StructureMachine machine)
        : this(structure, machine, DefaultsOf(structure), $"{machine?.Prefix}{structure.Name}")
    {
    }

    /// <summary>A structure on a machine.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="machine">Who walks it.</param>
    /// <param name="options">Its numbers.</param>
    /// <param name="name">What to call it.</param>
    /// <exception cref="ArgumentException">The structure does not allow the numbers, or the machine not the structure.</exception>
    public StructureBackend(TableStructure structure, StructureMachine machine, StructureOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(machine);
        bool isParameterAllowed = structure.Parameter is { } parameter ? parameter.Allows(options.Parameter) : options.Parameter == 0;
        if (!isParameterAllowed || !structure.AddressBits.Allows(options.AddressBits) || !machine.Takes(structure))
        {
            throw new ArgumentException($"{structure.Name} is not made with {options} under {machine.Description}.", nameof(options));
        }

        Structure = structure;
        Machine = machine;
        Options = options;
        Name = name;
        Capabilities = CapabilitiesOf(structure, machine, options.AddressBits);
    }

    /// <summary>The structure.</summary>
    public TableStructure Structure { get; }

    /// <summary>Who walks it.</summary>
    public StructureMachine Machine { get; }

    /// <summary>Its numbers.</summary>
    public StructureOptions Options { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Description => $"{Structure.Description}, under {Machine.Description}";

    /// <inheritdoc/>
    public override PmapCapabilities Capabilities { get; }

    /// <summary>What may follow the structure's name, with ranges: <c>:N</c>, <c>:segN</c>, models. Empty for nothing.</summary>
    public string Parameters
    {
        get
        {
            var texts = new List<string>();
            if (Structure.Parameter is { } own)
            {
                texts.Add($":N {own}");
            }

            if (Structure.AddressBits is { } bits && bits.Least < bits.Most)
            {
                texts.Add($":segN {bits}");
                texts.AddRange(Machine.Models.Select(static model => $":{model.Key} for :seg{model.Value}"));
            }

            return string.Join("; ", texts);
        }
    }

    /// <summary>The numbers that a structure has where its name says none.</summary>
    public static StructureOptions DefaultsOf(TableStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return new(structure.Parameter?.Default ?? 0, structure.AddressBits.Default);
    }

    /// <inheritdoc/>
    public override Mmu CreateMmu(PhysicalMemory memory) => Structure.CreateMmu(Machine, memory, Options);

    /// <inheritdoc/>
    public override object? CreateState(PmapSystem system) => Structure.CreateState(system, Options);

    /// <inheritdoc/>
    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) =>
        Structure.TryCreatePmap(this, system, id, out pmap);

    /// <summary>A walker outside all processors.</summary>
    internal Mmu CreateView(PhysicalMemory memory, in TableRegisters registers)
    {
        StructureMmu view = Structure.CreateMmu(Machine, memory, Options);
        view.Load(registers, 0);
        return view;
    }

    /// <summary>The access that is about to be made is recorded at once: by the rules of software-filled TLBs it has to be.</summary>
    internal static PmapFlags SeedBits(AccessKind? access) => access switch
    {
        null => PmapFlags.None,
        AccessKind.Write => PmapFlags.Referenced | PmapFlags.Modified,
        _ => PmapFlags.Referenced,
    };

    // No page refuses fetches, and no page is only for stores.
    private static PmapCapabilities CapabilitiesOf(TableStructure structure, StructureMachine machine, int addressBits) => new()
    {
        // User addresses are the lower half of what the sign of an address divides; 32-bit addresses have no sign.
        VirtualAddressBits = addressBits > 32 ? addressBits + 1 : addressBits,
        PhysicalAddressBits = structure.PhysicalAddressBits,
        UserLimit = 1UL << addressBits,
        PageSizes = [PageSize.Base],
        NoExecute = false,
        ExecuteOnly = false,
        WriteOnly = false,
        HardwareReferenced = machine.KeepsBits,
        HardwareModified = machine.KeepsBits,
        TagBits = 8,
        SizedByFrames = structure.IsSizedByFrames,
    };
}
