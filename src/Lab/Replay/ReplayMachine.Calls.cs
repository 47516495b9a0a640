using BsdVm.Traces;

namespace BsdVm.Lab;

internal sealed partial class ReplayMachine
{
    private const int DontNeed = 4;

    /// <summary>
    /// Performs a recorded call so that it has the result it had. Failed ones changed nothing and are not performed. False if the model cannot
    /// give that result.
    /// </summary>
    public bool Perform(TraceCall call)
    {
        if (call.Result.IsFailure || !_processes.TryGetValue(call.Process, out ReplayProcess? process))
        {
            return true;
        }

        return call switch
        {
            MmapCall mmap => Mmap(process.Space, mmap),
            MunmapCall munmap => Munmap(process.Space, munmap.Address, munmap.LengthBytes),
            MprotectCall mprotect => Mprotect(process.Space, mprotect),
            BrkCall brk => Brk(process, brk),
            MremapCall mremap => Mremap(process.Space, mremap),
            MadviseCall madvise => Madvise(process.Space, madvise),
            ForkCall fork => Fork(process, fork),
            ExecveCall exec => Execve(process, exec),
            Wait4Call wait => Wait(wait),
            ExitCall exit => Exit(exit),
            _ => true,
        };
    }

    private static ulong RoundUp(ulong bytes) => (bytes + PageSize.Base.OffsetMask) & ~PageSize.Base.OffsetMask;

    private bool TryRange(ulong address, ulong lengthBytes, out AddressRange range)
    {
        ulong length = RoundUp(lengthBytes);
        ulong limit = System.Pmaps.Backend.Capabilities.UserLimit;
        bool fits = (address & PageSize.Base.OffsetMask) == 0 && length != 0 && length >= lengthBytes && address < limit && length <= limit - address;
        range = fits ? new AddressRange(new(address), length) : default;
        return fits;
    }

    // With memory that is demand-zero wherever touched, a mapping is there already: a new one only makes it zeros again.
    private bool Mmap(VmSpace space, MmapCall call)
    {
        if (!TryRange(call.Result.Value, call.LengthBytes, out AddressRange range))
        {
            return false;
        }

        string? file = call.IsAnonymous ? null : call.File ?? $"descriptor {call.Descriptor}";
        return Map(space, range, _isDemandZero ? Protection.All : call.Protection, call.IsShared, file, call.Offset, growsDown: false);
    }

    private bool Munmap(VmSpace space, ulong address, ulong lengthBytes)
    {
        if (!TryRange(address, lengthBytes, out AddressRange range))
        {
            return false;
        }

        space.Map.Remove(range);
        return !_isDemandZero || Map(space, range, Protection.All, isShared: false, null, 0, growsDown: false);
    }

    private bool Mprotect(VmSpace space, MprotectCall call)
    {
        if (call.LengthBytes == 0 || _isDemandZero)
        {
            return true;
        }

        return TryRange(call.Address, call.LengthBytes, out AddressRange range) && space.Map.IsMapped(range)
            && space.Map.Protect(range, call.Protection) == VmStatus.Success;
    }

    private bool Brk(ReplayProcess process, BrkCall call)
    {
        ulong old = RoundUp(process.Break ?? call.Result.Value);
        ulong now = RoundUp(call.Result.Value);
        process.Break = call.Result.Value;
        if (now < old)
        {
            return Munmap(process.Space, now, old - now);
        }

        return now == old || _isDemandZero || (TryRange(old, now - old, out AddressRange grown) && FillHoles(process.Space, grown));
    }

    // The loader may have mapped the first page of the heap already.
    private static bool FillHoles(VmSpace space, AddressRange range)
    {
        VirtualAddress at = range.Start;
        while (at < range.End)
        {
            VmMapEntry? next = space.Map.FirstFrom(at);
            VirtualAddress end = next is null || next.Start > range.End ? range.End : next.Start;
            if (end > at)
            {
                space.Map.Insert(new VmMapRequest { Range = AddressRange.FromTo(at, end), Protection = Protection.ReadWrite });
            }

            at = next is null ? range.End : next.End;
        }

        return true;
    }

    private bool Mremap(VmSpace space, MremapCall call)
    {
        ulong newLength = RoundUp(call.NewLengthBytes);
        if (!TryRange(call.OldAddress, call.OldLengthBytes, out AddressRange old) || !TryRange(call.Result.Value, newLength, out AddressRange target))
        {
            return false;
        }

        if (newLength < old.LengthBytes)
        {
            space.Map.Remove(new AddressRange(old.Start + newLength, old.LengthBytes - newLength));
            old = new AddressRange(old.Start, newLength);
        }

        if (target.Start != old.Start)
        {
            space.Map.Remove(target);
            if (space.Map.Move(old, target.Start) != VmStatus.Success)
            {
                return false;
            }

            if (_isDemandZero)
            {
                Map(space, old, Protection.All, isShared: false, null, 0, growsDown: false);
            }
        }

        ulong grown = newLength - old.LengthBytes;
        if (grown != 0 && _isDemandZero)
        {
            return Map(space, new AddressRange(target.Start + old.LengthBytes, grown), Protection.All, isShared: false, null, 0, growsDown: false);
        }

        return grown == 0 || space.Map.Extend(target.Start + old.LengthBytes, grown) == VmStatus.Success;
    }

    private bool Madvise(VmSpace space, MadviseCall call)
    {
        if (call.Advice == DontNeed && TryRange(call.Address, call.LengthBytes, out AddressRange range))
        {
            space.Map.Drop(range);
        }

        return true;
    }

    private bool Fork(ReplayProcess parent, ForkCall call)
    {
        if (call.IsThread && call.Child < 0)
        {
            return true;
        }

        if (call.IsThread)
        {
            _processes[call.Child] = parent;
            return true;
        }

        if (parent.Space.TryFork(eager: false, out VmSpace? child) != VmStatus.Success)
        {
            return false;
        }

        if (call.Child < 0)
        {
            Bury((int)call.Result.Value);
            _unfollowed[(int)call.Result.Value] = child!;
            return true;
        }

        AddProcess(call.Child, child!);
        _processes[call.Child].Break = parent.Break;
        return true;
    }

    // Nobody knows when a child without a log went away, but it is gone once its parent has waited for it.
    private bool Wait(Wait4Call call)
    {
        if (call.Result.Outcome == CallOutcome.Success)
        {
            Bury((int)call.Result.Value);
        }

        return true;
    }

    private void Bury(int processId)
    {
        if (_unfollowed.Remove(processId, out VmSpace? gone))
        {
            gone.Destroy();
        }
    }

    private bool Execve(ReplayProcess process, ExecveCall call)
    {
        if (call.InitialMaps is null)
        {
            return true;
        }

        VmSpace old = process.Space;
        process.Space = NewSpace(call.InitialMaps);
        process.Break = null;
        Switch(call.Process);
        old.Destroy();
        return true;
    }

    private bool Exit(ExitCall call)
    {
        if (call.IsWholeProcess)
        {
            End(call.Process);
        }

        return true;
    }

    /// <summary>Ends a process, unless it is the last one or has ended already.</summary>
    public void End(int number)
    {
        if (_processes.Count > 1 && _processes.Remove(number, out ReplayProcess? gone) && !_processes.ContainsValue(gone))
        {
            // The next access names its process; until then any other one runs.
            Switch(_processes.Keys.Min());
            gone.Space.Destroy();
        }
    }
}
