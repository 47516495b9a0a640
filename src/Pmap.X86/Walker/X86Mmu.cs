using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace BsdVm.X86;

/// <summary>
/// The paging unit of a processor: registers and the walk. It reads entries from physical memory and nothing else; A is set in every entry
/// used and D in the one that maps the page, by a locked update, and only once the access is known to be allowed.
/// After a change of a register the kernel flushes what the TLBs hold, as on the machine.
/// </summary>
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

    private WalkCache? _caches;

    // The four PDPTEs of PAE, which only a load of the control registers reads.
    private X86Path.Buffer _pointers;

    // Bits that send a walk off the quick path: reserved in entries of tables and of 4 KB pages, and PS above level 1.
    private ulong _unusual;
    private ulong _unusualAbove;

    /// <summary>A paging unit on a memory bus.</summary>
    public X86Mmu(PhysicalMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _memory = memory;
        _rights = new(_registers, TFormat.HasProtectionKeys);
        Derive();
    }

    /// <inheritdoc/>
    public override WalkCache? WalkCache => _caches;

    private static int TopLevel => TFormat.HasPointerRegisters ? TFormat.Levels - 1 : TFormat.Levels;

    /// <inheritdoc/>
    public override void UseWalkCaches(ImmutableArray<int> entries)
    {
        Span<int> shifts = stackalloc int[TopLevel - 1];
        for (int level = 2; level <= TopLevel; level++)
        {
            shifts[level - 2] = TFormat.IndexShift(level);
        }

        _caches = entries.Length > 0 ? new WalkCache(entries, shifts) : null;
    }

    /// <inheritdoc/>
    public override void Invalidate(AddressRange range, uint tag) => _caches?.Drop(tag);

    /// <inheritdoc/>
    public override void Flush(bool keepGlobal) => _caches?.Flush();

    /// <inheritdoc/>
    public override bool TryWalk(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        if (_caches is not null)
        {
            return TryWalkByCaches(address, access, mode, out translation, out fault);
        }

        if (TryWalkQuickly(address.Value, (ulong)TlbFlagsExtensions.Needed(access, mode), out translation))
        {
            Walks.Count(TopLevel);
            LastPageShift = PageSize.Base.Shift;
            fault = default;
            return true;
        }

        return TryWalkCarefully(address, access, mode, isReal: true, known: 0, out translation, out fault);
    }

    /// <inheritdoc/>
    public override bool TryProbe(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault) =>
        TryWalkCarefully(address, access, mode, isReal: false, known: 0, out translation, out fault);

    // A walk to a 4 KB page that is allowed and has no bit to set above it. All tests are made once, at the end: what a wrong entry leads to is read
    // and thrown away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWalkQuickly(ulong address, ulong needed, out ulong translation)
    {
        ulong all = ulong.MaxValue;
        ulong above = 0;
        ulong table = _root;
        if (TFormat.Levels >= 4)
        {
            table = Step(table, address, 4, ref all, ref above);
        }

        if (TFormat.HasPointerRegisters)
        {
            ulong pointer = _pointers[PointerIndex(address)];
            all = pointer | ~Present;
            table = TFormat.TableOf(pointer, TFormat.Levels).Value;
        }
        else if (TFormat.Levels >= 3)
        {
            table = Step(table, address, 3, ref all, ref above);
        }

        table = Step(table, address, 2, ref all, ref above);
        ulong at = EntryAddress(table, address, 1);
        ulong leaf = ReadEntry(at);
        return IsUsable(address, needed, all, above, leaf, out translation) || TryMark(address, needed, all, above, at, leaf, out translation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsUsable(ulong address, ulong needed, ulong allAbove, ulong above, ulong leaf, out ulong translation)
    {
        ulong all = allAbove & leaf;
        ulong any = above | leaf;
        ulong flags = _rights.Of(all, any, leaf);
        translation = TFormat.PageBase(leaf, 1) | flags;
        return ((~all & (Present | Accessed)) | (above & _unusualAbove) | (any & _unusual) | (needed & ~flags)) == 0
            && TFormat.IsTranslatable(address);
    }

    // The first use of a page, or the first store to it: all is well but for a bit in the entry that maps it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryMark(ulong address, ulong needed, ulong allAbove, ulong above, ulong at, ulong leaf, out ulong translation)
    {
        ulong marked = leaf | Accessed | ((needed & (ulong)TlbFlags.Dirty) != 0 ? Dirty : 0);
        if (marked == leaf || (leaf & Present) == 0 || !IsUsable(address, needed, allAbove, above, marked, out translation))
        {
            translation = 0;
            return false;
        }

        WriteEntry(at, marked);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Step(ulong table, ulong address, int level, ref ulong all, ref ulong above)
    {
        ulong entry = ReadEntry(EntryAddress(table, address, level));
        all &= entry;
        above |= entry;
        return TFormat.TableOf(entry, level).Value;
    }

    private bool TryWalkCarefully(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, bool isReal, int known, out ulong translation, out MachineFault fault)
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

        ulong inPage = address.Value & ((1UL << pageShift) - 1) & TlbFlagsExtensions.PageMask;
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
