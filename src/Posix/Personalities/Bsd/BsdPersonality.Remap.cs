namespace BsdVm.Posix;

internal sealed partial class BsdPersonality
{
    /// <summary>
    /// 4.4BSD has no mremap; this is NetBSD's call with Linux's errnos, so that the calls of a recorded program can be performed. What is
    /// meant must be mapped without holes, else EFAULT; several mappings move together.
    /// </summary>
    public override SyscallResult Mremap(ProcessMemory memory, in MremapRequest request)
    {
        ulong oldLength = RoundUp(request.OldLengthBytes);
        ulong newLength = RoundUp(request.NewLengthBytes);
        if (!IsAligned(request.Address) || oldLength == 0 || newLength == 0
            || !IsInside(request.Address, oldLength) || !IsInside(request.Target ?? 0, newLength) || !IsAligned(request.Target ?? 0))
        {
            return SyscallResult.Fail(Errno.EINVAL);
        }

        var source = new AddressRange(new(request.Address), oldLength);
        if (request.Target is { } to && source.Overlaps(new AddressRange(new(to), newLength)))
        {
            return SyscallResult.Fail(Errno.EINVAL);
        }

        if (!memory.Map.IsMapped(source))
        {
            return SyscallResult.Fail(Errno.EFAULT);
        }

        if (request.Target is { } target)
        {
            memory.Map.Remove(new AddressRange(new(target), newLength));
            return Relocate(memory, source, newLength, target);
        }

        if (newLength <= oldLength)
        {
            CutTail(memory, source, newLength);
            return SyscallResult.Of(request.Address);
        }

        return Grow(memory, source, newLength, request.MayMove);
    }

    private SyscallResult Grow(ProcessMemory memory, AddressRange source, ulong newLength, bool mayMove)
    {
        ulong delta = newLength - source.LengthBytes;
        bool isWhole = memory.Map.Lookup(source.Last)!.End == source.End;
        if (isWhole && IsInside(source.End.Value, delta) && memory.Map.IsFree(new AddressRange(source.End, delta)))
        {
            Require(memory.Map.Extend(source.End, delta));
            return SyscallResult.Of(source.Start.Value);
        }

        if (!mayMove || !memory.Map.TryFindSpace(new(SearchStart), newLength, out VirtualAddress to))
        {
            return SyscallResult.Fail(Errno.ENOMEM);
        }

        return Relocate(memory, source, newLength, to.Value);
    }

    private static SyscallResult Relocate(ProcessMemory memory, AddressRange source, ulong newLength, ulong to)
    {
        ulong moved = Math.Min(source.LengthBytes, newLength);
        CutTail(memory, source, moved);
        Require(memory.Map.Move(new AddressRange(source.Start, moved), new(to)));
        if (newLength > moved)
        {
            Require(memory.Map.Extend(new(to + moved), newLength - moved));
        }

        return SyscallResult.Of(to);
    }

    private static void CutTail(ProcessMemory memory, AddressRange range, ulong length)
    {
        if (length < range.LengthBytes)
        {
            memory.Map.Remove(new AddressRange(range.Start + length, range.LengthBytes - length));
        }
    }
}
