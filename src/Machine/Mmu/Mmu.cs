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

    /// <summary>What walks cost so far.</summary>
    public WalkCounters Walks { get; } = new();

    /// <summary>
    /// Translates one access. On success <paramref name="translation"/> is the physical address of the 4 KB page that holds
    /// <paramref name="address"/>, with <see cref="TlbFlags"/> in its low 12 bits. A page larger than 4 KB gives the part in question.
    /// </summary>
    /// <returns>True, or false with <paramref name="fault"/> as the machine reports it.</returns>
    public abstract bool TryWalk(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault);

    /// <summary>As <see cref="TryWalk"/> would answer, without setting bits in the tables, without counting. For checks and pictures.</summary>
    public abstract bool TryProbe(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault);

    /// <summary>The walk for one access in steps that people can follow. Sets no bits, counts nothing.</summary>
    public virtual WalkExplanation Explain(VirtualAddress address, AccessKind access, PrivilegeMode mode)
    {
        bool succeeds = TryProbe(address, access, mode, out ulong translation, out MachineFault fault);
        var physical = new PhysicalAddress((translation & TlbFlagsExtensions.PageMask) | (address.Value & PageSize.Base.OffsetMask));
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
