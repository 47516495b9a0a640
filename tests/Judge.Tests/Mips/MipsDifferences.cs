namespace BsdVm.Judge;

/// <summary>None is known where no two entries match. A fault is the exception's name and ExcCode.</summary>
internal sealed class MipsDifferences(Mmu mmu, TranslationRoot root) : KnownDifferences
{
    /// <summary>The entries of the largest pair of pages around an address.</summary>
    public override string Entries(ulong address) => string.Join(' ', root.Tlb
        .Where(entry => entry.EntryHi >> MipsEmulator.RegionShift == address >> MipsEmulator.RegionShift)
        .Select(static entry => $"mask 0x{entry.PageMask:x} hi 0x{entry.EntryHi:x} lo 0x{entry.EntryLo0:x} 0x{entry.EntryLo1:x}"));

    public override string Describe(in MachineFault fault) => $"{mmu.NameOf(fault)} {fault.Code}";

    public override string ToString() =>
        $"ASID={mmu.Tag} {string.Join(' ', root.Registers.Select(static pair => $"{pair.Key}=0x{pair.Value:x}"))}";
}
