namespace BsdVm.Judge;

/// <summary>None is known where no two entries match. A fault is the exception's name and ExcCode.</summary>
internal sealed class MipsDifferences(Mmu mmu) : KnownDifferences
{
    public override string Describe(in MachineFault fault) => $"{mmu.NameOf(fault)} {fault.Code}";

    public override string ToString() => $"ASID={mmu.Tag}";
}
