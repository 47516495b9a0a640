using System.Runtime.CompilerServices;

namespace BsdVm.X86;

/// <summary>
/// The paging unit of a processor: registers and the walk. It reads entries from physical memory and nothing else; A is set in every entry
/// used and D in the one that maps the page, by a locked update, and only once the access is known to be allowed.
/// After a change of a register the kernel flushes what the TLBs hold, as on the machine.
/// Source: Intel SDM volume 3, chapter "Paging".
/// </summary>
/// <remarks>
/// The walk stands here three times. <c>TryWalkPlainly</c>, in this file, follows the manual entry by entry and is the one to read.
/// <c>TryWalkQuickly </c> makes the usual walk with one test at its end; <c>TryWalkCached </c> begins below what the paging-structure
/// caches know. Both leave whatever is out of the ordinary to the plain walk, and a test holds all three to the same answers, faults and
/// bits.
/// <code>
/// An address:   63      48 47     39 38     30 29     21 20     12 11      0
/// four levels   sign of 47 PML4E     PDPTE     PDE       PTE       offset
/// PAE                                   31,30  PDE       PTE       offset      31,30: one of the four PDPTE registers
/// two levels                               31 PDE 22 21 PTE     12 offset
///
/// An entry:     63  62 59 58   52 51      M M-1     12 11    9 8 7  6 5 4   3   2   1   0
/// 8 bytes       XD  key   ignored reserved  frame      ignored G PS D A PCD PWT U/S R/W P     M = MAXPHYADDR
/// 4 bytes                            31     frame   12 ignored G PS D A PCD PWT U/S R/W P
///
/// P, R/W, U/S   must be set in all entries of a walk to count      (anded: X86Path.All); a PDPTE register of PAE has P alone
/// XD            refuses fetches in any of them                     (ored: X86Path.Any)
/// D, G, key     count in the entry alone that maps the page        (X86Path.Leaf)
/// PS            a PDE maps a large page (two levels: if CR4.PSE=1), with four levels a PDPTE too; in a PTE bit 7 is PAT
/// A             is set in all of them, D in the one that maps the page by a store
/// </code>
/// </remarks>
/// <typeparam name="TFormat">The tables' format.</typeparam>
public sealed partial class X86Mmu<TFormat> : Mmu
    where TFormat : struct, IX86Format
{
    private const ulong Accessed = (ulong)X86EntryFlags.Accessed;
    private const ulong Dirty = (ulong)X86EntryFlags.Dirty;
    private const ulong Present = (ulong)X86EntryFlags.Present;

    private readonly PhysicalMemory _memory;
    private X86Registers _registers = new();
    private X86Rights _rights;
    private ulong _root;

    // The four PDPTEs of PAE, which only a load of the control registers reads.
    private X86Path.Buffer _pointers;

    /// <summary>A paging unit on a memory bus.</summary>
    public X86Mmu(PhysicalMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _memory = memory;
        _rights = new(_registers, TFormat.HasProtectionKeys);
        Derive();
    }

    private static int TopLevel => TFormat.HasPointerRegisters ? TFormat.Levels - 1 : TFormat.Levels;

    /// <inheritdoc/>
    public override bool TryWalk(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        if (_caches is not null)
        {
            return TryWalkCached(address, access, mode, out translation, out fault);
        }

        if (TryWalkQuickly(address.Value, (ulong)TlbFlagsExtensions.Needed(access, mode), out translation))
        {
            Walks.Count(TopLevel);
            LastPageShift = PageSize.Base.Shift;
            fault = default;
            return true;
        }

        return TryWalkPlainly(address, access, mode, isReal: true, known: 0, out translation, out fault);
    }

    /// <inheritdoc/>
    public override bool TryProbe(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault) =>
        TryWalkPlainly(address, access, mode, isReal: false, known: 0, out translation, out fault);

    /// <summary>The walk as the manual tells it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="access">What is done there.</param>
    /// <param name="mode">On whose behalf.</param>
    /// <param name="isReal">Whether it counts and sets bits.</param>
    /// <param name="known">Levels that a walk cache has already answered, whose references do not count.</param>
    /// <param name="translation">As <see cref="Mmu.TryWalk"/> gives it.</param>
    /// <param name="fault">As <see cref="Mmu.TryWalk"/> gives it.</param>
    internal bool TryWalkPlainly(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, bool isReal, int known, out ulong translation,
        out MachineFault fault)
    {
        translation = 0;
        if (!TFormat.IsTranslatable(address.Value))
        {
            fault = new(address, access, mode, FaultReason.AddressRange, 0);
            return false;
        }

        Follow(address.Value, out X86Path path);
        if (isReal)
        {
            Walks.Count(Math.Max(Math.Min(path.Count, 1), path.Count - known));
        }

        ulong flags = path.Stop == FaultReason.None ? _rights.Of(path.All, path.Any, path.Leaf) : 0;
        ulong right = (ulong)TlbFlagsExtensions.Rights(access.Right(), mode);
        if ((flags & right) == 0)
        {
            FaultReason reason = path.Stop == FaultReason.None ? FaultReason.Protection : path.Stop;
            fault = new(address, access, mode, reason, (uint)CodeOf(reason, path, access, mode));
            return false;
        }

        if (access == AccessKind.Write)
        {
            flags |= (ulong)TlbFlags.Dirty;
        }

        int pageShift = path.IsLarge ? TFormat.IndexShift(path.Level) : PageSize.Base.Shift;
        if (isReal)
        {
            SetBits(path, access);
            LastPageShift = pageShift;
        }

        ulong inPage = PageSize.Base.RoundDown(new PageSize(pageShift).OffsetIn(address.Value));
        translation = TFormat.PageBase(path.Leaf, path.Level) | inPage | flags;
        fault = default;
        return true;
    }

    // Reads entries from the root down to one that maps a page or cannot be used.
    private void Follow(ulong address, out X86Path path)
    {
        path = new() { All = ulong.MaxValue };
        ulong table = _root;
        int level = TFormat.Levels;
        if (TFormat.HasPointerRegisters)
        {
            ulong pointer = _pointers[PointerIndex(address)];
            path.Level = level--;
            path.Stop = (pointer & Present) == 0 ? FaultReason.NotPresent : FaultReason.None;
            table = TFormat.TableOf(pointer, TFormat.Levels).Value;
        }

        while (path.Stop == FaultReason.None)
        {
            ulong at = EntryAddress(table, address, level);
            ulong entry = ReadEntry(at);
            path.Addresses[path.Count] = at;
            path.Entries[path.Count++] = entry;
            path.All &= entry;
            path.Any |= entry;
            path.Leaf = entry;
            path.Level = level;
            if ((entry & Present) == 0)
            {
                path.Stop = FaultReason.NotPresent;
                return;
            }

            path.IsLarge = level > 1 && TFormat.IsLarge(entry, level, _registers);
            if ((entry & TFormat.ReservedBits(level, path.IsLarge, _registers)) != 0)
            {
                path.Stop = FaultReason.ReservedBit;
                return;
            }

            if (level == 1 || path.IsLarge)
            {
                return;
            }

            table = TFormat.TableOf(entry, level).Value;
            level--;
        }
    }

    private X86ErrorCode CodeOf(FaultReason reason, in X86Path path, AccessKind access, PrivilegeMode mode)
    {
        X86ErrorCode code = reason switch
        {
            FaultReason.NotPresent => X86ErrorCode.None,
            FaultReason.ReservedBit => X86ErrorCode.Present | X86ErrorCode.ReservedBit,
            _ => X86ErrorCode.Present,
        };
        code |= access == AccessKind.Write ? X86ErrorCode.Write : 0;
        code |= access == AccessKind.Execute && TFormat.HasExecuteDisable && _registers.Nxe ? X86ErrorCode.Fetch : 0;
        code |= mode == PrivilegeMode.User ? X86ErrorCode.User : 0;
        return reason == FaultReason.Protection && _rights.KeyRefuses(path.All, path.Leaf, access, mode)
            ? code | X86ErrorCode.ProtectionKey
            : code;
    }

    private void SetBits(in X86Path path, AccessKind access)
    {
        for (int step = 0; step < path.Count; step++)
        {
            ulong wanted = step == path.Count - 1 && access == AccessKind.Write ? Accessed | Dirty : Accessed;
            if ((path.Entries[step] & wanted) != wanted)
            {
                WriteEntry(path.Addresses[step], wanted);
            }
        }
    }

    private static int PointerIndex(ulong address) => (int)(address >> TFormat.IndexShift(TFormat.Levels)) & 3;

    private static ulong EntryAddress(ulong table, ulong address, int level)
    {
        ulong index = (address >> TFormat.IndexShift(level)) & ((1UL << TFormat.IndexBits(level)) - 1);
        return table + (index << TFormat.EntryShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadEntry(ulong at) => TFormat.EntryShift == 3 ? _memory.Read64(new(at)) : _memory.Read32(new(at));

    // Sets bits in what the entry is now: two levels of one walk may be the same entry, in a table that contains itself.
    private void WriteEntry(ulong at, ulong bits)
    {
        ulong entry = ReadEntry(at) | bits;
        if (TFormat.EntryShift == 3)
        {
            _memory.Write64(new(at), entry);
        }
        else
        {
            _memory.Write32(new(at), (uint)entry);
        }
    }
}
