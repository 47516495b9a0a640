using System.Collections.Immutable;

namespace BsdVm;

/// <summary>
/// The part of a processor that finds a translation when its TLBs have none: registers and a walk over tables in physical memory,
/// or, on machines whose TLB software fills, the refill exception with its handler. It sets the accessed and modified bits that the
/// machine sets. One a CPU. It shares the format of table entries with the pmap and no other code.
/// </summary>
public abstract class Mmu
{
    /// <summary>The address-space tag (PCID, ASID) that the TLB matches, 0 to 4095; 0 on machines without tags.</summary>
    public uint Tag { get; protected set; }

    /// <summary>The base-2 logarithm of the size of the page that the latest successful walk found; 12 for a page of 4 KB.</summary>
    public int LastPageShift { get; protected set; } = PageSize.Base.Shift;

    /// <summary>Whether a handler fills a TLB of the walker's own, which most walks then find a translation in.</summary>
    public virtual bool IsSoftwareFilled => false;

    /// <summary>What the walker remembers of upper levels; null for nothing, and on machines without levels to remember.</summary>
    public virtual WalkCache? WalkCache => null;

    /// <summary>
    /// Gives the walker caches of upper levels, as <see cref="TlbSpecification.WalkCaches"/> says. No effect on machines that have none.
    /// </summary>
    public virtual void UseWalkCaches(ImmutableArray<int> entries)
    {
    }

    /// <summary>What walks cost so far.</summary>
    public WalkCounters Walks { get; } = new();

    /// <summary>
    /// Translates one access. On success <paramref name="translation"/> is the physical address of the 4 KB page that holds
    /// <paramref name="address"/>, with <see cref="TlbFlags"/> in its low 12 bits. A page larger than 4 KB gives the part in question.
    /// </summary>
    /// <returns>True, or false with <paramref name="fault"/> as the machine reports it.</returns>
    public abstract bool TryWalk(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault);

    /// <summary>
    /// As <see cref="TryWalk"/> would answer, without setting bits in the tables, without counting. For checks and pictures.
    /// </summary>
    public abstract bool TryProbe(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault);

    /// <summary>
    /// Drops what the walker itself caches of the pages in a range under a tag, global translations included: entries of a TLB that
    /// software fills, upper levels in a walk cache. Source: x86 <c>INVLPG</c>, which drops paging-structure caches too.
    /// </summary>
    public virtual void Invalidate(AddressRange range, uint tag)
    {
    }

    /// <summary>Drops everything that the walker caches, or everything but global translations.</summary>
    public virtual void Flush(bool keepGlobal)
    {
    }

    /// <summary>
    /// Translations that the walker keeps beside the TLBs of <see cref="Cpu.Tlb"/>, in pieces of 4 KB; none on most machines.
    /// </summary>
    public virtual IEnumerable<TlbEntry> CachedTranslations => [];

    /// <summary>
    /// Who is told when the walker drops, of its own accord, translations that the TLBs in front of it may hold: of pages in a range under
    /// a tag. A TLB that software fills holds all that its micro-TLBs hold. The processor sets it; most walkers never call it.
    /// </summary>
    public Action<AddressRange, uint>? Dropped { get; set; }

    /// <summary>
    /// What the machine's manual calls a fault that this walker reported, in lower case with hyphens; the same for all levels of the
    /// tables.
    /// </summary>
    public virtual string NameOf(in MachineFault fault) => fault.Reason switch
    {
        FaultReason.NotPresent => "not-present",
        FaultReason.Protection => "protection",
        FaultReason.ReservedBit => "reserved-bit",
        FaultReason.AddressRange => "non-canonical",
        _ => "none",
    };

    /// <summary>The walk for one access in steps that people can follow. Sets no bits, counts nothing.</summary>
    public virtual WalkExplanation Explain(VirtualAddress address, AccessKind access, PrivilegeMode mode)
    {
        bool succeeds = TryProbe(address, access, mode, out ulong translation, out MachineFault fault);
        PhysicalAddress physical = TlbFlagsExtensions.PhysicalAddressOf(translation, address);
        return new(
            address, "", [], succeeds, succeeds ? physical : default,
            succeeds ? $"physical address {physical}" : $"fault: {fault.Reason}, code 0x{fault.Code:x}");
    }

    /// <summary>
    /// The tables that the root register leads to, outermost first, each table followed by those below it. Empty where the machine has
    /// no tables of its own.
    /// </summary>
    public virtual ImmutableArray<TranslationTable> Tables() => [];
}
