namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    /// <summary>Source: <c>do_mremap</c> of Linux 6.17 and later, whose order of checks this keeps.</summary>
    public override SyscallResult Mremap(ProcessMemory memory, in MremapRequest request)
    {
        ulong address = request.Address;
        ulong oldLength = RoundUp(request.OldLengthBytes);
        ulong newLength = RoundUp(request.NewLengthBytes);
        Errno error = CheckRemap(address, oldLength, newLength, request.Target);
        if (error != Errno.None)
        {
            return SyscallResult.Fail(error);
        }

        if (request.Target is { } target && oldLength == newLength)
        {
            return MoveAll(memory, address, oldLength, target);
        }

        error = CheckSource(memory, address, oldLength, newLength, request.Target is not null);
        if (error != Errno.None)
        {
            return SyscallResult.Fail(error);
        }

        if (request.Target is { } to)
        {
            return MoveTo(memory, address, oldLength, newLength, to);
        }

        return newLength > oldLength
            ? Grow(memory, address, oldLength, newLength, request.MayMove)
            : Shrink(memory, address, oldLength, newLength);
    }

    // Source: check_mremap_params.
    private Errno CheckRemap(ulong address, ulong oldLength, ulong newLength, ulong? target)
    {
        if (!IsAligned(address) || newLength == 0 || newLength > UserLimit)
        {
            return Errno.EINVAL;
        }

        if (target is { } to)
        {
            bool overlaps = unchecked(address + oldLength) > to && unchecked(to + newLength) > address;
            if (to > UserLimit - newLength || !IsAligned(to) || overlaps)
            {
                return Errno.EINVAL;
            }
        }

        return Errno.None;
    }

    // Source: check_prep_vma.
    private static Errno CheckSource(ProcessMemory memory, ulong address, ulong oldLength, ulong newLength, bool moves)
    {
        if (!memory.Mappings.TryFind(address, out int index))
        {
            return Errno.EFAULT;
        }

        if (!moves && newLength <= oldLength)
        {
            return Errno.None;
        }

        Vma mapping = memory.Mappings[index];
        if (oldLength == 0 && !mapping.IsShared)
        {
            return Errno.EINVAL;
        }

        return Math.Min(oldLength, newLength) > mapping.End - address ? Errno.EFAULT : Errno.None;
    }

    // Equal lengths: all mappings of the range move, one by one, each onto what is under it. Source: remap_move.
    private SyscallResult MoveAll(ProcessMemory memory, ulong address, ulong length, ulong to)
    {
        var walk = new VmaWalk(memory.Mappings, address, unchecked(address + length));
        if (!walk.MoveNextWithoutHole())
        {
            return SyscallResult.Fail(Errno.EFAULT);
        }

        do
        {
            ulong partLength = walk.To - walk.From;
            MoveTo(memory, walk.From, partLength, partLength, to + (walk.From - address));
        }
        while (walk.MoveNext());
        return SyscallResult.Of(to);
    }

    // Source: mremap_to. The target goes first, then what shrinking cuts off, whosever it is.
    private SyscallResult MoveTo(ProcessMemory memory, ulong address, ulong oldLength, ulong newLength, ulong to)
    {
        Unmap(memory, to, to + newLength);
        if (!memory.Mappings.TryFind(address, out _))
        {
            return SyscallResult.Fail(Errno.EFAULT);
        }

        if (newLength < oldLength)
        {
            SyscallResult shrunk = Shrink(memory, address, oldLength, newLength);
            if (!shrunk.IsOk)
            {
                return shrunk;
            }
        }

        Relocate(memory, address, Math.Min(oldLength, newLength), newLength, to);
        return SyscallResult.Of(to);
    }

    private SyscallResult Shrink(ProcessMemory memory, ulong address, ulong oldLength, ulong newLength)
    {
        if (newLength < oldLength)
        {
            if (!IsInside(address + newLength, oldLength - newLength))
            {
                return SyscallResult.Fail(Errno.EINVAL);
            }

            Unmap(memory, address + newLength, address + oldLength);
        }

        return SyscallResult.Of(address);
    }

    // Source: expand_vma.
    private SyscallResult Grow(ProcessMemory memory, ulong address, ulong oldLength, ulong newLength, bool mayMove)
    {
        memory.Mappings.TryFind(address, out int index);
        ulong end = memory.Mappings[index].End;
        ulong delta = newLength - oldLength;
        if (oldLength == end - address && IsInside(end, delta) && memory.Mappings.IsFree(end, end + delta))
        {
            memory.Mappings.Extend(index, delta);
            Require(memory.Map.Extend(new(end), delta));
            return SyscallResult.Of(address);
        }

        if (!mayMove || !TryFindSpace(memory, newLength, out ulong to))
        {
            return SyscallResult.Fail(Errno.ENOMEM);
        }

        Relocate(memory, address, oldLength, newLength, to);
        return SyscallResult.Of(to);
    }

    // The target is free. Source: move_vma.
    private static void Relocate(ProcessMemory memory, ulong address, ulong length, ulong newLength, ulong to)
    {
        memory.Mappings.TryFind(address, out int index);
        Vma source = memory.Mappings[index];
        memory.Mappings.Move(address, length, newLength, to);
        if (length == 0)
        {
            MapAgain(memory, in source, address, newLength, to);
            return;
        }

        Require(memory.Map.Move(new AddressRange(new(address), length), new(to)));
        if (newLength > length)
        {
            Require(memory.Map.Extend(new(to + length), newLength - length));
        }
    }

    // A second view of shared memory.
    private static void MapAgain(ProcessMemory memory, in Vma source, ulong address, ulong length, ulong to)
    {
        VmMapEntry entry = memory.Map.Lookup(new(address))!;
        Require(memory.Map.Insert(new VmMapRequest
        {
            Range = new AddressRange(new(to), length),
            Protection = source.Protection,
            MaxProtection = entry.MaxProtection,
            Inheritance = entry.Inheritance,
            IsShared = true,
            Object = entry.Object,
            Offset = source.PageOffsetOf(address) << PageSize.Base.Shift,
            Advice = entry.Advice,
        }));
        if (source.Has(VmaFlags.Locked))
        {
            memory.Map.WireLazily(new AddressRange(new(to), length));
            memory.Map.Populate(new AddressRange(new(to), length));
        }
    }
}
