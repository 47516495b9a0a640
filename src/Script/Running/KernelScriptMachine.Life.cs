using BsdVm.Posix;

namespace BsdVm.Script;

public sealed partial class KernelScriptMachine
{
    private ScriptResult Fork(Process process, ForkOperation fork)
    {
        SyscallResult result = process.Fork(fork.Child, out Process? child);
        AddChild(fork.Child, child);
        return Word(result);
    }

    private ScriptResult Vfork(Process process, VforkOperation vfork)
    {
        SyscallResult result = process.Vfork(vfork.Child, out Process child);
        AddChild(vfork.Child, child);
        return Word(result);
    }

    // A fork that failed leaves a name without a process: its operations print gone.
    private void AddChild(string name, Process? child)
    {
        if (child is null)
        {
            _processes.Remove(name);
        }
        else
        {
            _processes[name] = child;
        }
    }

    private static ScriptResult Exit(Process process)
    {
        process.Exit();
        return ScriptResult.Ok;
    }

    private ScriptResult Wait(Process parent, WaitOperation wait)
    {
        if (!_processes.TryGetValue(wait.Child, out Process? child))
        {
            return ScriptResult.Named(nameof(Errno.ECHILD));
        }

        SyscallResult result = parent.Wait(child);
        if (result.Error != Errno.EAGAIN)
        {
            return Word(result);
        }

        _waiting.Add((wait, parent, child));
        return ScriptResult.Blocked;
    }

    private void CompleteWaits()
    {
        foreach ((WaitOperation operation, Process parent, Process child) in _waiting.Where(static wait => !wait.Child.IsAlive).ToArray())
        {
            _waiting.Remove((operation, parent, child));
            _completed.Enqueue((operation, Word(parent.Wait(child))));
        }
    }
}
