using System.Diagnostics.CodeAnalysis;
using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary>
/// Runs scenarios on the model: each operation is a system call or an access of a process of a <see cref="Posix.Kernel"/>. It keeps
/// which process and file a name stands for, and who waits; what an operation does is in the operation's own file.
/// </summary>
public sealed class KernelScriptMachine : IScriptMachine
{
    private readonly Dictionary<string, Process> _processes = [];
    private readonly Dictionary<string, KernelFile> _files = [];
    private readonly List<(ScriptOperation Operation, Process Parent, Process Child)> _waiting = [];
    private readonly Queue<(ScriptOperation Operation, ScriptResult Result)> _completed = [];

    /// <summary>A machine whose first process is p1.</summary>
    public KernelScriptMachine(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Kernel = kernel;
        _processes.Add(VmScript.FirstProcess, kernel.InitialProcess);
    }

    /// <summary>The kernel that it runs on.</summary>
    public Kernel Kernel { get; }

    /// <summary>The processes by name, the latest of each; ended ones too.</summary>
    public IReadOnlyDictionary<string, Process> Processes => _processes;

    /// <summary>Operations executed.</summary>
    public long OperationCount { get; private set; }

    /// <inheritdoc/>
    public ScriptResult Execute(ScriptOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        OperationCount++;
        ScriptResult result = operation.Execute(this);
        CompleteWaits();
        Kernel.OperationDone();
        if (Kernel.Configuration.Check == CheckMode.Every)
        {
            Kernel.CheckInvariants();
        }

        return result;
    }

    /// <inheritdoc/>
    public bool TryTakeCompletion([NotNullWhen(true)] out ScriptOperation? operation, [NotNullWhen(true)] out ScriptResult? result)
    {
        bool any = _completed.TryDequeue(out (ScriptOperation Operation, ScriptResult Result) completed);
        (operation, result) = completed;
        return any;
    }

    /// <summary>The process of this name, if it is alive.</summary>
    internal Process? FindLiving(string name) => Find(name) is { IsAlive: true } process ? process : null;

    /// <summary>The process of this name, alive or ended; null where a fork that should have made it failed.</summary>
    internal Process? Find(string name) => _processes.GetValueOrDefault(name);

    /// <summary>Names a new process. Null, a fork that failed, leaves a name without a process: its operations give <c>gone</c>.</summary>
    internal void NameChild(string name, Process? child)
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

    /// <summary>Names a new file.</summary>
    internal void NameFile(string name, KernelFile file) => _files[name] = file;

    /// <summary>The file of this name: the script has been checked, so there is one.</summary>
    internal KernelFile FindFile(string name) => _files[name];

    /// <summary>Blocks <paramref name="parent"/> until <paramref name="child"/> ends; then its wait(2) is made again.</summary>
    internal ScriptResult Block(ScriptOperation operation, Process parent, Process child)
    {
        _waiting.Add((operation, parent, child));
        return ScriptResult.Blocked;
    }

    private void CompleteWaits()
    {
        foreach ((ScriptOperation operation, Process parent, Process child) in _waiting.Where(static wait => !wait.Child.IsAlive).ToArray())
        {
            _waiting.Remove((operation, parent, child));
            _completed.Enqueue((operation, parent.Wait(child).ToWord()));
        }
    }
}
