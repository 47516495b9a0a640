using System.Runtime.CompilerServices;
using BsdVm.Snapshots;

namespace BsdVm;

/// <summary>
/// A simulated processor. <see cref="Access"/> is the one path of every load, store and fetch: TLBs, then a walk, then the kernel's
/// fault handler and a restart, exactly as hardware does it.
/// </summary>
public sealed class Cpu
{
    private readonly CpuCounters _counters = new();

    /// <summary>A processor with TLBs of its own.</summary>
    /// <param name="id">Its number, from 0.</param>
    /// <param name="mmu">Its walker.</param>
    /// <param name="memory">The memory that all processors share.</param>
    /// <param name="tlb">The geometry of its TLBs.</param>
    public Cpu(int id, Mmu mmu, PhysicalMemory memory, TlbSpecification tlb)
    {
        ArgumentNullException.ThrowIfNull(mmu);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(tlb);
        Id = id;
        Mmu = mmu;
        Memory = memory;
        Tlb = new TlbHierarchy(tlb);
        Mmu.UseWalkCaches(tlb.WalkCaches);
        mmu.Dropped = Tlb.InvalidateRange;
    }

    /// <summary>Its number, from 0.</summary>
    public int Id { get; }

    /// <summary>Its registers and walker.</summary>
    public Mmu Mmu { get; }

    /// <summary>The memory on its bus.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Its first and second level TLBs.</summary>
    public TlbHierarchy Tlb { get; }

    /// <summary>Event counts.</summary>
    public CpuCounters Counters => _counters;

    /// <summary>On whose behalf it runs.</summary>
    public PrivilegeMode Mode { get; set; }

    /// <summary>The kernel's fault entry. Without one every fault abandons its access.</summary>
    public ITrapHandler? TrapHandler { get; set; }

    /// <summary>Who is told of each access that walked to its end, or null.</summary>
    public IWalkObserver? WalkObserver { get; set; }

    /// <summary>The last fault that was taken.</summary>
    public MachineFault LastFault { get; private set; }

    /// <summary>
    /// Makes one access to one address. Faults go to <see cref="TrapHandler"/>, and the access restarts as often as that says so.
    /// </summary>
    /// <param name="address">The virtual address of the access's first byte.</param>
    /// <param name="access">What it does.</param>
    /// <param name="physical">Where it went.</param>
    /// <returns>False if the access was abandoned.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Access(VirtualAddress address, AccessKind access, out PhysicalAddress physical)
    {
        _counters.Accesses++;
        ulong needed = (ulong)TlbFlagsExtensions.Needed(access, Mode);
        ulong translation = Tlb.LookupFirst(address.Value, Mmu.Tag, access);
        if ((translation & needed) == needed)
        {
            physical = TlbFlagsExtensions.PhysicalAddressOf(translation, address);
            return true;
        }

        return AccessSlowly(address, access, translation, out physical);
    }

    /// <summary>
    /// Loads bytes, lowest address first, as one access a page. Returns how many were loaded before a fault abandoned the rest.
    /// </summary>
    public int Load(VirtualAddress address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length)
        {
            int length = PieceLength(address + (ulong)done, destination.Length - done);
            if (!Access(address + (ulong)done, AccessKind.Read, out PhysicalAddress physical))
            {
                break;
            }

            Memory.Read(physical, destination.Slice(done, length));
            done += length;
        }

        return done;
    }

    /// <summary>
    /// Stores bytes, lowest address first, as one access a page. Returns how many were stored before a fault abandoned the rest.
    /// </summary>
    public int Store(VirtualAddress address, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length)
        {
            int length = PieceLength(address + (ulong)done, source.Length - done);
            if (!Access(address + (ulong)done, AccessKind.Write, out PhysicalAddress physical))
            {
                break;
            }

            Memory.Write(physical, source.Slice(done, length));
            done += length;
        }

        return done;
    }

    /// <summary>
    /// Drops the translations of all pages in a range, under a tag and global ones, from the TLBs and from what the walker caches.
    /// </summary>
    public void Invalidate(AddressRange range, uint tag)
    {
        Tlb.InvalidateRange(range, tag);
        Mmu.Invalidate(range, tag);
    }

    /// <summary>
    /// As <see cref="Invalidate"/>, because another processor has changed the tables: a machine sends an interrupt for it, which is
    /// counted.
    /// </summary>
    public void ShootDown(AddressRange range, uint tag)
    {
        _counters.Shootdowns++;
        Invalidate(range, tag);
    }

    /// <summary>Drops all translations of all tags, or all but the global ones, from the TLBs and from what the walker caches.</summary>
    public void Flush(bool keepGlobal)
    {
        Tlb.Flush(keepGlobal);
        Mmu.Flush(keepGlobal);
    }

    /// <summary>The processor's state now. What happens later does not change it.</summary>
    public CpuSnapshot Snapshot() => new()
    {
        Id = Id,
        Mode = Mode,
        Tag = Mmu.Tag,
        Tlbs = TlbSnapshot.AllOf(Tlb),
        WalkerEntries = TlbSnapshot.Sorted(
            Mmu.CachedTranslations.Select(static entry => TlbEntrySnapshot.Of(entry.Page, PageSize.Base, entry.Tag, entry.Translation))),
    };

    private static int PieceLength(VirtualAddress address, int rest) =>
        (int)Math.Min((ulong)rest, PageSize.BaseBytes - address.OffsetInPage);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AccessSlowly(VirtualAddress address, AccessKind access, ulong first, out PhysicalAddress physical)
    {
        ulong needed = (ulong)TlbFlagsExtensions.Needed(access, Mode);
        ulong translation = first;
        bool isMiss = false;
        if ((first & (ulong)TlbFlags.Valid) == 0)
        {
            _counters.CountFirstLevelMiss(access);
            translation = Tlb.LookupSecond(address.Value, Mmu.Tag);
            if ((translation & (ulong)TlbFlags.Valid) == 0)
            {
                _counters.SecondLevelMisses++;
                isMiss = true;
            }

            if ((translation & needed) == needed)
            {
                Tlb.FillFirst(address.Value, Mmu.Tag, access, translation, Tlb.SecondPageShift);
                physical = TlbFlagsExtensions.PhysicalAddressOf(translation, address);
                return true;
            }
        }

        // A translation without the needed rights is walked again before it faults, as processors do: the tables may say more by now.
        if ((translation & (ulong)TlbFlags.Valid) != 0)
        {
            _counters.RightsRewalks++;
        }

        while (true)
        {
            if (Mmu.TryWalk(address, access, Mode, out translation, out MachineFault fault))
            {
                Refill(address, access, first, translation);
                WalkObserver?.Walked(address, access, isMiss);
                physical = TlbFlagsExtensions.PhysicalAddressOf(translation, address);
                return true;
            }

            LastFault = fault;
            _counters.Faults++;
            WalkObserver?.Faulted(in fault);
            if (TrapHandler is null || TrapHandler.HandleFault(this, in fault) == TrapDisposition.Abandon)
            {
                physical = default;
                return false;
            }

            _counters.Restarts++;
        }
    }

    // A translation that the first level had already is replaced where it stands: for the TLBs this access was a hit.
    private void Refill(VirtualAddress address, AccessKind access, ulong first, ulong translation)
    {
        if (first != 0)
        {
            Tlb.Upgrade(address.Value, Mmu.Tag, access, translation, Mmu.LastPageShift);
        }
        else
        {
            Tlb.Fill(address.Value, Mmu.Tag, access, translation, Mmu.LastPageShift);
        }
    }
}
