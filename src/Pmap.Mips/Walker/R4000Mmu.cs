using BsdVm.Structures;
using BsdVm.Walks;

namespace BsdVm.Mips;

/// <summary>
/// A processor whose TLB software fills. The refill handler is the static walk of a table structure; it loads the entries of an even and an
/// odd page at once. Invalid and Modified exceptions look into the table again before they become the kernel's, as handlers do, since the
/// table may say more by now. The first-level TLBs of <see cref="Cpu.Tlb"/> are the micro-TLBs: they only hold what the joint TLB holds.
/// Instructions of handlers: 12 for each exception (vector, registers, two EntryLo writes, the TLB write, the return), and those that the
/// structure's walk says. Source: MIPS R4000 User's Manual, chapter 4; Linux <c>arch/mips/mm/tlbex.c</c>.
/// </summary>
public abstract class R4000Mmu : StructureMmu
{
    /// <summary>Instructions of a handler beside its walk.</summary>
    public const int HandlerInstructions = 12;

    /// <summary>Entries of the joint TLB.</summary>
    public const int EntryCount = 48;

    // The space of tables stands behind that of programs: region 3 (xkseg), where the kernel's mapped addresses are.
    internal const ulong TableRegion = 3UL << 62;

    private protected R4000Mmu(PhysicalMemory memory, int addressBits)
        : base(memory, addressBits) => Tlb = new(EntryCount, addressBits);

    /// <summary>The joint TLB with its registers.</summary>
    public R4000Tlb Tlb { get; }

    /// <inheritdoc/>
    public override bool IsSoftwareFilled => true;

    /// <summary>Events.</summary>
    public RefillCounters Counters { get; } = new();

    /// <summary>The vector of the latest exception: 0x80000080 for an XTLB refill, else 0x80000180.</summary>
    public uint LastVector { get; private protected set; }

    /// <inheritdoc/>
    public override IEnumerable<TlbEntry> CachedTranslations
    {
        get
        {
            for (int index = 0; index < Tlb.Count; index++)
            {
                R4000Entry entry = Tlb.Entry(index);
                for (int half = 0; half < 2 && Tlb.IsUsed(index) && entry.EntryHi < TableRegion; half++)
                {
                    ulong page = (entry.EntryHi & ~R4000Tlb.AsidMask) + ((ulong)half * PageSize.BaseBytes);
                    ulong lo = half == 0 ? entry.EntryLo0 : entry.EntryLo1;
                    if ((lo & MipsPte.Valid) != 0)
                    {
                        yield return new(new(page), entry.IsGlobal ? 0 : (uint)(entry.EntryHi & R4000Tlb.AsidMask), TranslationOf(lo));
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Invalidate(AddressRange range, uint tag)
    {
        if (range.PageCount <= 4)
        {
            for (ulong page = 0; page < range.PageCount; page++)
            {
                DropEntry(Tlb.Find((range.Start.Page + page).Address.Value, tag));
            }

            return;
        }

        for (int index = 0; index < Tlb.Count; index++)
        {
            R4000Entry entry = Tlb.Entry(index);
            bool isOfSpace = entry.IsGlobal || (entry.EntryHi & R4000Tlb.AsidMask) == tag;
            if (Tlb.IsUsed(index) && entry.EntryHi < TableRegion && isOfSpace && range.Overlaps(PairOf(entry)))
            {
                DropEntry(index);
            }
        }
    }

    /// <inheritdoc/>
    public override void Flush(bool keepGlobal) => Tlb.Flush(keepGlobal);

    /// <inheritdoc/>
    protected override void ForgetTables()
    {
        for (int index = 0; index < Tlb.Count; index++)
        {
            if (Tlb.IsUsed(index) && Tlb.Entry(index).EntryHi >= TableRegion)
            {
                Tlb.Drop(index);
            }
        }
    }

    /// <summary>Writes a pair of pages of 4 KB: over what matches already, else over a random entry.</summary>
    internal void WritePair(ulong address, ulong even, ulong odd)
    {
        Tlb.PageMask = 0;
        Tlb.EntryHi = (address & ~0x1FFFUL) | Tag;
        Tlb.EntryLo0 = even & MipsPte.EntryLoMask;
        Tlb.EntryLo1 = odd & MipsPte.EntryLoMask;
        int found = Tlb.Find(address, Tag);
        int index = found >= 0 ? found : Tlb.Random;
        Forget(index);
        Tlb.Index = (uint)index;
        if (!(found >= 0 ? Tlb.TryWriteIndexed() : Tlb.TryWriteRandom()))
        {
            throw new InvariantViolationException("TLB-SINGLE", $"the TLB at 0x{address:x}", "one entry", "two that match");
        }
    }

    private protected static ulong TranslationOf(ulong entryLo) =>
        TablePte.Translation(entryLo | ((entryLo & MipsPte.Dirty) != 0 ? TablePte.Writable : 0));

    /// <summary>Exception codes. Source: MIPS R4000 User's Manual, chapter 5 (Cause).</summary>
    protected override uint CodeOf(AccessKind access, FaultReason reason) => (uint)MipsException.CodeOf(access, reason);

    private static AddressRange PairOf(in R4000Entry entry) =>
        new(new(entry.EntryHi & ~(R4000Tlb.AsidMask | entry.PageMask)), 2UL << entry.PageShift);

    private void DropEntry(int index)
    {
        if (index >= 0)
        {
            Forget(index);
            Tlb.Drop(index);
        }
    }

    // The micro-TLBs lose what the joint TLB is about to lose.
    private void Forget(int index)
    {
        R4000Entry entry = Tlb.Entry(index);
        if (Dropped is { } dropped && Tlb.IsUsed(index) && entry.EntryHi < TableRegion)
        {
            dropped(PairOf(entry), (uint)(entry.EntryHi & R4000Tlb.AsidMask));
        }
    }
}
