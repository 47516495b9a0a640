using BsdVm.Snapshots;

namespace BsdVm;

/// <summary>
/// The mappings of one address space on one machine. Everything in it is redundant and may be forgotten, except wired mappings;
/// removals and reductions of rights are obligations that hold at the latest after <see cref="PmapSystem.Update"/>; modified bits are
/// exact and outlive the mapping, referenced bits are hints. The numbered clauses are in docs/design/pmap-contract.md.
/// Source: 4.4BSD <c>pmap</c>, NetBSD <c>pmap(9)</c>.
/// </summary>
public abstract class Pmap
{
    /// <summary>An empty pmap.</summary>
    protected Pmap(PmapSystem system, int id)
    {
        ArgumentNullException.ThrowIfNull(system);
        Owner = system;
        Id = id;
    }

    /// <summary>The machine's page lists that this pmap keeps true.</summary>
    public PmapSystem Owner { get; }

    /// <summary>A number that no other living pmap of the machine has.</summary>
    public int Id { get; }

    /// <summary>Mappings, wired or not.</summary>
    public long ResidentCount { get; protected set; }

    /// <summary>Wired mappings.</summary>
    public long WiredCount { get; protected set; }

    /// <summary>Frames that its tables occupy.</summary>
    public abstract long TableFrames { get; }

    /// <summary>What its tables take, and how they are filled. Takes time: for reports.</summary>
    public virtual PmapTableUse TableUse => new() { Bytes = TableFrames << PageSize.Base.Shift };

    /// <summary>
    /// Whether the structure holds neighbouring pages together, so that a range is looked through without asking for each of its pages.
    /// A hash table does not.
    /// </summary>
    public virtual bool KeepsOrder => true;

    /// <summary>Processors, a bit each, whose TLBs may hold translations of this pmap.</summary>
    public ulong CachedOn { get; internal set; }

    /// <summary>
    /// The address-space tag (PCID, ASID) that its translations carry in TLBs, from 1; 0 where the machine has none, or before the first
    /// <see cref="PmapSystem.Activate"/>. It changes when the machine runs out of tags.
    /// </summary>
    public uint Tag { get; internal set; }

    internal long TagGeneration { get; set; }

    /// <summary>
    /// Takes whatever frames <see cref="Enter"/> at this address will need for its tables, so that the next Enter there cannot fail.
    /// Callers decide first and do then; tables taken for nothing stay until <see cref="Collect"/>.
    /// </summary>
    public abstract PmapStatus Prepare(VirtualAddress address);

    /// <summary>
    /// Maps a page now. An old mapping of another frame is removed first; of the same frame, only rights and wiring change and the
    /// modified and referenced bits stay. Source: 4.4BSD <c>pmap_enter</c>.
    /// </summary>
    /// <param name="address">The virtual page, page aligned, below the capabilities' user limit.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="rights">The rights, not empty; they round up to what the machine can express.</param>
    /// <param name="access">The access that is about to be made, where there is one: machines without hardware bits record it.</param>
    /// <param name="wired">Whether the pmap may never forget it.</param>
    public abstract PmapStatus Enter(VirtualAddress address, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired);

    /// <summary>Removes every mapping of the range, wired ones too. Cheap where nothing is mapped. Source: <c>pmap_remove</c>.</summary>
    public abstract void Remove(AddressRange range);

    /// <summary>
    /// Takes away all rights that are not in <paramref name="rights"/>; never adds one. No right left is a removal.
    /// Source: <c>pmap_protect</c>.
    /// </summary>
    public abstract void Protect(AddressRange range, Protection rights);

    /// <summary>
    /// Advice at fork: the same pages will be read here soon. May map any of those that <paramref name="source"/> maps in the range, not wired and without
    /// the right to write, never over a mapping that is here; may do nothing. Source: <c>pmap_copy</c>.
    /// </summary>
    /// <param name="source">Another pmap of the same machine.</param>
    /// <param name="range">Which of its pages.</param>
    public virtual void Copy(Pmap source, AddressRange range)
    {
    }

    /// <summary>The mapping of the page that holds <paramref name="address"/>. Source: <c>pmap_extract</c>.</summary>
    public abstract bool TryExtract(VirtualAddress address, out PmapMapping mapping);

    /// <summary>Changes whether an existing mapping is wired. Source: <c>pmap_change_wiring</c>.</summary>
    public abstract void ChangeWiring(VirtualAddress address, bool wired);

    /// <summary>Clears bits of one mapping, so that the next use (store) sets them again. Called through the page lists.</summary>
    public abstract void ClearBits(VirtualAddress address, PmapFlags bits);

    /// <summary>Drops every unwired mapping and every table that is then empty. Source: <c>pmap_collect</c>.</summary>
    public abstract void Collect();

    /// <summary>The mappings of a range in address order, of a moment in which nothing changes.</summary>
    public abstract IEnumerable<PmapMapping> Mappings(AddressRange range);

    /// <summary>Removes everything and gives the tables' frames back. The pmap must be active nowhere. Source: <c>pmap_release</c>.</summary>
    public abstract void Destroy();

    /// <summary>
    /// Makes a walker that stands outside all processors with this pmap's root loaded, for pictures and checks. None where the machine
    /// has no tables of its own.
    /// </summary>
    public virtual Mmu? CreateView() => null;

    /// <summary>What an independent MMU needs to translate as this pmap does; null where the machine has no tables of its own.</summary>
    public virtual TranslationRoot? DescribeRoot() => null;

    /// <summary>
    /// As <see cref="CreateView"/>, but with nothing beyond what <see cref="DescribeRoot"/> says: features that have no register there are
    /// off, and a TLB that software fills holds the entries listed. Its answers are what an independent MMU must give.
    /// </summary>
    public virtual Mmu? CreateDescribedView() => CreateView();

    /// <summary>The mappings of a range in address order, each in the page size that the tables hold it in.</summary>
    public virtual IEnumerable<(PmapMapping Mapping, PageSize Size)> Pages(AddressRange range) =>
        Mappings(range).Select(static mapping => (mapping, PageSize.Base));

    /// <summary>The tables as they are now, for pictures and checks. Reads the tables alone, counts nothing and changes nothing.</summary>
    public abstract TableSnapshot Snapshot();

    /// <summary>
    /// Loads this pmap's root, and its <see cref="Tag"/> where the machine has tags, into a processor's registers. Without tags the
    /// processor drops what it cached of the one before.
    /// </summary>
    protected internal abstract void Load(Cpu cpu);
}
