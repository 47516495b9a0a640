using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BsdVm.Structures;

/// <summary>
/// The table structures by name: those of this assembly, and any that are added. A name may have parameters, in any order: <c>:N</c> for
/// the structure's own number, <c>:segN</c> for address bits.
/// </summary>
public sealed class StructureRegistry
{
    private const string AddressBitsPrefix = "seg";

    private ImmutableArray<TableStructure> _structures =
    [
        new FlatStructure(),
        new LinearStructure(),
        new RadixStructure(),
        new HashedStructure(),
        new InvertedStructure(),
        new ClusteredStructure(),
        new GuardedStructure(),
        new CuckooStructure(),
    ];

    /// <summary>All structures, in the order in which they were added.</summary>
    public ImmutableArray<TableStructure> Structures => _structures;

    /// <summary>Adds a structure.</summary>
    /// <exception cref="ArgumentException">Its name is taken, or is none.</exception>
    public void Add(TableStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        bool isName = structure.Name.Length > 0 && structure.Name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
        if (!isName || _structures.Any(known => known.Name == structure.Name))
        {
            throw new ArgumentException($"'{structure.Name}' is taken, or is not made of lower-case letters, digits and hyphens.", nameof(structure));
        }

        _structures = _structures.Add(structure);
    }

    /// <summary>Every structure that a machine takes, with its defaults.</summary>
    public ImmutableArray<PmapBackend> Backends(StructureMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return [.. _structures.Where(machine.Takes).Select(structure => new StructureBackend(structure, machine))];
    }

    /// <summary>The backend of a name under a hardware walker. False if the name, or a parameter in it, means nothing.</summary>
    public bool TryParse(string name, [NotNullWhen(true)] out PmapBackend? backend) => TryParse(name, HardwareWalker.Instance, out backend);

    /// <summary>The backend of a name, the machine's prefix included. False if the name, or a parameter in it, means nothing.</summary>
    public bool TryParse(string name, StructureMachine machine, [NotNullWhen(true)] out PmapBackend? backend)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(machine);
        backend = null;
        string[] parts = name.Split(':');
        TableStructure? structure = _structures.FirstOrDefault(each => machine.Prefix + each.Name == parts[0]);
        if (structure is null || !machine.Takes(structure) || !TryOptions(structure, machine, parts.AsSpan(1), out StructureOptions options))
        {
            return false;
        }

        backend = new StructureBackend(structure, machine, options, name);
        return true;
    }

    private static bool TryOptions(TableStructure structure, StructureMachine machine, ReadOnlySpan<string> words, out StructureOptions options)
    {
        options = StructureBackend.DefaultsOf(structure);
        bool hasParameter = false;
        bool hasAddressBits = false;
        foreach (string word in words)
        {
            if (!hasAddressBits && TryAddressBits(structure, machine, word, out int bits))
            {
                hasAddressBits = true;
                options = options with { AddressBits = bits };
            }
            else if (!hasParameter && structure.Parameter is { } own && TryNumber(word, out int number) && own.Allows(number))
            {
                hasParameter = true;
                options = options with { Parameter = number };
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAddressBits(TableStructure structure, StructureMachine machine, string word, out int bits)
    {
        bool isNumber = machine.Models.TryGetValue(word, out bits)
            || (word.StartsWith(AddressBitsPrefix, StringComparison.Ordinal) && TryNumber(word[AddressBitsPrefix.Length..], out bits));
        return isNumber && structure.AddressBits is { Least: var least, Most: var most } && least < most && structure.AddressBits.Allows(bits);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
