namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>
    /// mremap(2), in Linux's order of checks; BSD processes get the same answers, since only NetBSD has the call and leaves most cases open.
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
        Errno error = CheckRemap(address, oldLength, newLength, target, oldLengthBytes);
        if (error != Errno.None)
        {
            return error;
        }

        if (Map.Lookup(new(address)) is not { } entry || !TryMappingAt(address, out ulong mappingEnd))
        {
            return Errno.EFAULT;
        }

        if (oldLength == 0)
        {
            return SecondView(entry, address, newLength, mayMove, target);
        }

        return target is { } to
            ? MoveTo(address, oldLength, newLength, mappingEnd, to)
            : Resize(address, oldLength, newLength, mappingEnd, mayMove);
    }

    private Errno CheckRemap(ulong address, ulong oldLength, ulong newLength, ulong? target, ulong oldLengthBytes)
    {
        ulong limit = Kernel.UserBounds.LengthBytes;
        if (!IsAligned(address) || newLength == 0 || (oldLengthBytes != 0 && oldLength == 0))
        {
            return Errno.EINVAL;
        }

        if (newLength > limit || (address < limit && oldLength > limit - address))
        {
            return Errno.EINVAL;
        }

        if (target is not { } to)
        {
            return Errno.None;
        }

        if (!IsAligned(to) || to > limit - newLength)
        {
            return Errno.EINVAL;
        }

        bool overlaps = address < limit && address + oldLength > to && to + newLength > address;
        return overlaps ? Errno.EINVAL : Errno.None;
    }

    // The mapping as the system modelled keeps it, and where it ends.
    private bool TryMappingAt(ulong address, out ulong end)
    {
        if (Vmas is not null)
        {
            bool found = Vmas.TryFind(address, out int index);
            end = found ? Vmas[index].End : 0;
            return found;
        }

        VmMapEntry? entry = Map.Lookup(new(address));
        end = entry?.End.Value ?? 0;
        return entry is not null;
    }

    private SyscallResult Resize(ulong address, ulong oldLength, ulong newLength, ulong mappingEnd, bool mayMove)
    {
        if (newLength <= oldLength)
        {
            if (newLength < oldLength)
            {
                Unmap(RangeOf(address + newLength, address + oldLength));
            }

            return new(Errno.None, address);
        }

        if (oldLength > mappingEnd - address)
        {
            return Errno.EFAULT;
        }

        ulong grown = newLength - oldLength;
        if (address + oldLength == mappingEnd && mappingEnd <= Kernel.UserBounds.LengthBytes - grown
            && Map.IsFree(new AddressRange(new(mappingEnd), grown)))
        {
            return Grow(address, mappingEnd, grown);
        }

        if (!mayMove || Place(null, newLength, keepsOthers: true, out AddressRange range) != Errno.None)
        {
            return Errno.ENOMEM;
        }

        return MoveAndGrow(address, oldLength, newLength, range.Start.Value);
    }

    private SyscallResult Grow(ulong address, ulong end, ulong bytes)
    {
        Extend(end, bytes);
        if (Vmas is not null && Vmas.TryFind(address, out int index))
        {
            NotePopulated(in Vmas[index], index);
            Vmas.Extend(index, bytes);
        }

        return new(Errno.None, address);
    }

    // A locked mapping's growth is populated at once, as by a write.
    private void NotePopulated(in Vma vma, int index)
    {
        if (vma.Has(VmaFlags.Locked) && vma.Protection.Allows(Protection.Write))
        {
            Vmas!.NoteWrite(Vmas[index].Start);
        }
    }

    private void Extend(ulong end, ulong bytes) => Map.Extend(new(end), bytes);

    private SyscallResult MoveTo(ulong address, ulong oldLength, ulong newLength, ulong mappingEnd, ulong to)
    {
        bool staysInOne = Math.Min(oldLength, newLength) <= mappingEnd - address;
        if (oldLength != newLength && (!staysInOne || (newLength > oldLength && oldLength > mappingEnd - address)))
        {
            return Errno.EFAULT;
        }

        if (newLength < oldLength)
        {
            Unmap(RangeOf(address + newLength, address + oldLength));
            oldLength = newLength;
        }

        if (staysInOne)
        {
            Unmap(new AddressRange(new(to), newLength));
            return MoveAndGrow(address, oldLength, newLength, to);
        }

        return MoveSeveral(address, oldLength, to);
    }

    // Several mappings of one range move one by one; what lies at the target under a hole stays.
    private SyscallResult MoveSeveral(ulong address, ulong length, ulong to)
    {
        ulong at = address;
        while (TryNextMapping(at, address + length, out ulong from, out ulong end))
        {
            ulong place = to + (from - address);
            Unmap(new AddressRange(new(place), end - from));
            MoveAndGrow(from, end - from, end - from, place);
            at = end;
        }

        return new(Errno.None, to);
    }

    private bool TryNextMapping(ulong at, ulong limit, out ulong from, out ulong end)
    {
        (from, end) = (0, 0);
        if (at >= limit || Map.FirstFrom(new(at)) is not { } entry || entry.Start.Value >= limit)
        {
            return false;
        }

        from = Math.Max(at, entry.Start.Value);
        TryMappingAt(from, out ulong mappingEnd);
        end = Math.Min(limit, mappingEnd);
        return true;
    }

    private SyscallResult MoveAndGrow(ulong from, ulong length, ulong newLength, ulong to)
    {
        Map.Move(new AddressRange(new(from), length), new(to));
        if (newLength > length)
        {
            Extend(to + length, newLength - length);
        }

        if (Vmas is not null)
        {
            if (newLength > length && Vmas.TryFind(from, out int index))
            {
                NotePopulated(in Vmas[index], index);
            }

            Vmas.Move(from, length, newLength, to);
        }

        return new(Errno.None, to);
    }

    private SyscallResult SecondView(VmMapEntry entry, ulong address, ulong newLength, bool mayMove, ulong? target)
    {
        if (!entry.IsShared)
        {
            return Errno.EINVAL;
        }

        if (target is null && !mayMove)
        {
            return Errno.ENOMEM;
        }

        Errno error = Place(target, newLength, keepsOthers: false, out AddressRange range);
        if (error != Errno.None)
        {
            return error;
        }

        ulong offset = entry.Offset + (address - entry.Start.Value);
        (VmObject? source, Protection rights, Protection most) = (entry.Object, entry.Protection, entry.MaxProtection);
        (VmInheritance inheritance, VmAdvice advice) = (entry.Inheritance, entry.Advice);
        Unmap(range);
        Map.Insert(new VmMapRequest
        {
            Range = range,
            Protection = rights,
            MaxProtection = most,
            Inheritance = inheritance,
            Advice = advice,
            IsShared = true,
            Object = source,
            Offset = offset,
        });
        Vmas?.Move(address, 0, newLength, range.Start.Value);
        return new(Errno.None, range.Start.Value);
    }
}
