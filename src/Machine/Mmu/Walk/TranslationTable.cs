using System.Collections.Immutable;

namespace BsdVm;

/// <summary>One table of the structure that a walker reads, as a picture.</summary>
/// <param name="Name">Its name in the machine's manual: page directory, page table.</param>
/// <param name="Base">Where it starts.</param>
/// <param name="Covers">The virtual addresses that lead through it.</param>
/// <param name="EntryBytes">The size of an entry: 4 or 8.</param>
/// <param name="Entries">Its entries that are not zero, by index.</param>
public sealed record TranslationTable(
    string Name, PhysicalAddress Base, AddressRange Covers, int EntryBytes, ImmutableArray<TranslationTableEntry> Entries);

/// <summary>One entry of a <see cref="TranslationTable"/>.</summary>
/// <param name="Index">Its number in the table.</param>
/// <param name="First">The first virtual address that leads through it.</param>
/// <param name="Entry">The word.</param>
/// <param name="Meaning">Its bits in words, the manual's names.</param>
public readonly record struct TranslationTableEntry(int Index, VirtualAddress First, ulong Entry, string Meaning);
