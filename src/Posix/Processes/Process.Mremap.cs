namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>
    /// mremap(2), in the order of checks and effects of Linux 6.17 and later; BSD processes get the same answers, since only NetBSD has the
    /// call and leaves most cases open. Source: <c>do_mremap</c>.
    /// </summary>
    /// <param name="address">The first address now.</param>
    /// <param name="oldLengthBytes">The length now; 0 makes a second view of a shared mapping.</param>
    /// <param name="newLengthBytes">The length wanted.</param>
    /// <param name="mayMove">MREMAP_MAYMOVE.</param>
    /// <param name="target">MREMAP_FIXED: exactly there; null for no such wish.</param>
    /// <returns>The new address.</returns>
    public SyscallResult Mremap(ulong address, ulong oldLengthBytes, ulong newLengthBytes, bool mayMove, ulong? target)
    {
        ulong oldLength = RoundUp(oldLengthBytes);
        ulong newLength = RoundUp(newLengthBytes);
        Errno error = CheckRemap(address, oldLength, newLength, target);
        if (error != Errno.None)
        {
            return error;
        }

        if (target is { } all && oldLength == newLength)
        {
            return MoveAll(address, oldLength, all);
        }

        error = CheckRemapSource(address, oldLength, newLength, target is not null);
        if (error != Errno.None)
        {
            return error;
        }

        if (target is { } to)
        {
            return MoveTo(address, oldLength, newLength, to);
        }

        return newLength > oldLength ? Grow(address, oldLength, newLength, mayMove) : Shrink(address, oldLength, newLength);
    }

    // Source: check_mremap_params.
    private Errno CheckRemap(ulong address, ulong oldLength, ulong newLength, ulong? target)
    {
        if (!IsAligned(address) || newLength == 0 || newLength > UserLimit)
        {
            return Errno.EINVAL;
        }

        if (target is not { } to)
        {
            return Errno.None;
        }

        bool overlaps = unchecked(address + oldLength) > to && unchecked(to + newLength) > address;
        if (to > UserLimit - newLength || !IsAligned(to) || overlaps)
        {
            return Errno.EINVAL;
        }

        // Both ranges may be cut out of a mapping before the move.
        return HasMappingsToMove(cuts: 2) ? Errno.None : Errno.ENOMEM;
    }

    // Source: check_prep_vma.
    private Errno CheckRemapSource(ulong address, ulong oldLength, ulong newLength, bool moves)
    {
        if (!TryMappingAt(address, out _, out ulong end))
        {
            return Errno.EFAULT;
        }

        if (!moves && newLength <= oldLength)
        {
            return Errno.None;
        }

        if (oldLength == 0 && !Map.Lookup(new(address))!.IsShared)
        {
            return Errno.EINVAL;
        }

        return Math.Min(oldLength, newLength) > end - address ? Errno.EFAULT : Errno.None;
    }

    /// <summary>The lowest mapping, as the system keeps it, that ends above an address.</summary>
    private protected abstract bool TryMappingFrom(ulong address, out ulong start, out ulong end);

    /// <summary>Whether there may be as many mappings as a move needs that cuts ranges out of others first.</summary>
    private protected abstract bool HasMappingsToMove(int cuts);

    /// <summary>Whether the mapping at an address may grow by some bytes.</summary>
    private protected abstract bool MayGrow(ulong address, ulong bytes);

    /// <summary>Whether a range may go: that can make one mapping more.</summary>
    private protected abstract bool MayUnmap(AddressRange range);

    /// <summary>A free place for the mapping at an address with its new length.</summary>
    private protected abstract bool TryChooseTarget(ulong address, ulong newLength, out ulong start);

    /// <summary>The mapping that holds an address is about to grow upwards.</summary>
    private protected virtual void NoteExtended(ulong address, ulong bytes)
    {
    }

    /// <summary>A part of a mapping is about to move and to grow; one of length 0 gets a second view.</summary>
    private protected virtual void NoteMoved(ulong address, ulong length, ulong newLength, ulong to)
    {
    }

    private bool TryMappingAt(ulong address, out ulong start, out ulong end) =>
        TryMappingFrom(address, out start, out end) && start <= address;

    // Equal lengths: all mappings of the range move one by one, each onto what is under it; holes stay holes. Source: remap_move.
    private SyscallResult MoveAll(ulong address, ulong length, ulong to)
    {
        if (!TryMappingAt(address, out _, out _))
        {
            return Errno.EFAULT;
        }

        ulong limit = unchecked(address + length);
        ulong at = address;
        while (at < limit && TryMappingFrom(at, out ulong start, out ulong end) && start < limit)
        {
            start = Math.Max(at, start);
            at = Math.Min(limit, end);
            MoveTo(start, at - start, at - start, to + (start - address));
        }

        return new(Errno.None, to);
    }

    // The target goes first, then what shrinking cuts off, whosever it is. Source: mremap_to.
    private SyscallResult MoveTo(ulong address, ulong oldLength, ulong newLength, ulong to)
    {
        Unmap(new AddressRange(new(to), newLength));
        if (!TryMappingAt(address, out _, out _))
        {
            return Errno.EFAULT;
        }

        SyscallResult shrunk = Shrink(address, oldLength, newLength);
        if (!shrunk.Succeeded)
        {
            return shrunk;
        }

        ulong length = Math.Min(oldLength, newLength);
        if (!MayGrow(address, newLength - length))
        {
            return Errno.ENOMEM;
        }

        Relocate(address, length, newLength, to);
        return new(Errno.None, to);
    }

    private SyscallResult Shrink(ulong address, ulong oldLength, ulong newLength)
    {
        if (newLength < oldLength)
        {
            ulong cut = address + newLength;
            if (cut > UserLimit || oldLength - newLength > UserLimit - cut)
            {
                return Errno.EINVAL;
            }

            var gone = new AddressRange(new(cut), oldLength - newLength);
            if (!MayUnmap(gone))
            {
                return Errno.ENOMEM;
            }

            Unmap(gone);
        }

        return new(Errno.None, address);
    }

    // Source: expand_vma.
    private SyscallResult Grow(ulong address, ulong oldLength, ulong newLength, bool mayMove)
    {
        TryMappingAt(address, out _, out ulong end);
        ulong delta = newLength - oldLength;
        if (oldLength == end - address && delta <= UserLimit - end && Map.IsFree(new AddressRange(new(end), delta)))
        {
            if (!MayGrow(address, delta))
            {
                return Errno.ENOMEM;
            }

            // The mapping grows before its pages come: a locked one's growth is written at once.
            NoteExtended(address, delta);
            Require(Map.Extend(new(end), delta));
            return new(Errno.None, address);
        }

        if (!mayMove || !HasMappingsToMove(cuts: 0) || !MayGrow(address, delta) || !TryChooseTarget(address, newLength, out ulong to))
        {
            return Errno.ENOMEM;
        }

        Relocate(address, oldLength, newLength, to);
        return new(Errno.None, to);
    }

    // The target is free. Source: move_vma.
    private void Relocate(ulong address, ulong length, ulong newLength, ulong to)
    {
        NoteMoved(address, length, newLength, to);
        if (length == 0)
        {
            MapAgain(Map.Lookup(new(address))!, address, new AddressRange(new(to), newLength));
            return;
        }

        Require(Map.Move(new AddressRange(new(address), length), new(to)));
        if (newLength > length)
        {
            Require(Map.Extend(new(to + length), newLength - length));
        }
    }

    // A second view of shared memory.
    private void MapAgain(VmMapEntry entry, ulong address, AddressRange range)
    {
        bool isLocked = entry.IsWired;
        Require(Map.Insert(new VmMapRequest
        {
            Range = range,
            Protection = entry.Protection,
            MaxProtection = entry.MaxProtection,
            Inheritance = entry.Inheritance,
            IsShared = true,
            Object = entry.Object,
            Offset = entry.Offset + (address - entry.Start.Value),
            Advice = entry.Advice,
        }));
        if (isLocked)
        {
            // What cannot be brought in stays out, as with every growth of locked memory.
            Map.MarkWired(range);
            Map.Populate(range);
        }
    }
}
