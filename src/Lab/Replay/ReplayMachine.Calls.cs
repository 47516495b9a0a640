using System.Globalization;
using BsdVm.Posix;
using BsdVm.Traces;

namespace BsdVm.Lab;

internal sealed partial class ReplayMachine
{
    // The children that the trace tells of, by the process ids of then.
    private readonly Dictionary<int, Process> _children = [];

    /// <summary>
    /// Performs a recorded call so that it has the result it had. Failed ones changed nothing and are not performed. False if the model
    /// cannot give that result.
    /// </summary>
    public bool Perform(TraceCall call)
    {
        if (call.Result.IsFailure || !_processes.TryGetValue(call.Process, out Process? process))
        {
            return true;
        }

        return call switch
        {
            MmapCall mmap => _memory.Mmap(process, mmap),
            MunmapCall munmap => _memory.Munmap(process, munmap.Address, munmap.LengthBytes),
            MprotectCall mprotect => _memory.Mprotect(process, mprotect),
            BrkCall brk => _memory.Brk(process, brk),
            MremapCall mremap => _memory.Mremap(process, mremap),
            MadviseCall madvise => ReplayMemory.Madvise(process, madvise),
            ForkCall fork => Fork(process, fork),
            ExecveCall exec => Execve(process, exec),
            Wait4Call wait => Wait(process, wait),
            ExitCall exit => Exit(exit),
            _ => true,
        };
    }

    private bool Fork(Process parent, ForkCall call)
    {
        if (call.IsThread)
        {
            if (call.Child >= 0)
            {
                _processes[call.Child] = parent;
            }

            return true;
        }

        int processId = (int)call.Result.Value;
        parent.Fork(processId.ToString(CultureInfo.InvariantCulture), out Process? child);
        if (child is null)
        {
            return false;
        }

        Bury(processId, parent);
        _children[processId] = child;
        if (call.Child >= 0)
        {
            _processes[call.Child] = child;
        }

        return true;
    }

    private bool Wait(Process parent, Wait4Call call)
    {
        if (call.Result.Outcome == CallOutcome.Success)
        {
            Bury((int)call.Result.Value, parent);
        }

        return true;
    }

    // Nobody knows when a child without a log went away, but it is gone once its parent has waited for it.
    private void Bury(int processId, Process parent)
    {
        if (_children.Remove(processId, out Process? child))
        {
            if (!_processes.ContainsValue(child))
            {
                child.Exit();
            }

            parent.Wait(child);
        }
    }

    private bool Execve(Process process, ExecveCall call)
    {
        if (call.InitialMaps is null)
        {
            return true;
        }

        if (!process.ReplaceSpace().Succeeded)
        {
            throw new InvalidDataException("the model has no frame left for a process");
        }

        _current = process;
        _memory.Load(process, call.InitialMaps);
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
        if (_processes.Count > 1 && _processes.Remove(number, out Process? gone) && !_processes.ContainsValue(gone))
        {
            // The next access names its process; until then any other one runs.
            Switch(_processes.Keys.Min());
            gone.Exit();
        }
    }
}
