namespace BsdVm.Script.Tests;

/// <summary>
/// Names the processes of a random script while it is made, so that every operation is of a process that can act at its line: one that
/// waits for a child, or whose vfork child lives, cannot.
/// </summary>
internal sealed class ProcessNames
{
    private readonly List<string> _acting = [VmScript.FirstProcess];
    private readonly List<string> _all = [VmScript.FirstProcess];
    private readonly HashSet<string> _exited = [];
    private readonly Dictionary<string, string> _parents = [];

    // Who waits for the exit of whom, by the name of the latter.
    private readonly Dictionary<string, string> _standingStill = [];

    /// <summary>Those that can act, in the order of their birth but where one stands for another.</summary>
    public IReadOnlyList<string> AllActing => _acting;

    /// <summary>The process of this rank among those that can act; the last one if there are fewer.</summary>
    public string Acting(int rank) => _acting[Math.Min(rank, _acting.Count - 1)];

    /// <summary>
    /// The operation with the names that it needs, where it makes, ends or awaits a process; <c>maps</c> where that cannot be now.
    /// </summary>
    public ScriptOperation WithNames(ScriptOperation operation, string process, int chance, int mostProcesses)
    {
        switch (operation)
        {
            case ForkOperation when _acting.Count < mostProcesses:
                _acting.Add(Born(process));
                return new ForkOperation(_all[^1]);
            case VforkOperation:
                string child = Born(process);
                _standingStill[child] = process;
                _acting[_acting.IndexOf(process)] = child;
                return new VforkOperation(child);
            case WaitOperation:
                string[] children = [.. _all.Where(name => _parents.GetValueOrDefault(name) == process)];
                string awaited = children.Length > 0 ? children[chance % children.Length] : _all[chance % _all.Count];
                if (_parents.GetValueOrDefault(awaited) == process && !_exited.Contains(awaited))
                {
                    _standingStill[awaited] = process;
                    _acting.Remove(process);
                }

                return new WaitOperation(awaited);
            case ExitOperation when _standingStill.Remove(process, out string? waiting):
                _acting[_acting.IndexOf(process)] = waiting;
                _exited.Add(process);
                return operation;
            case ExitOperation when _acting.Count > 1:
                _acting.Remove(process);
                _exited.Add(process);
                return operation;
            case ForkOperation or ExitOperation:
                return new MapsOperation();
            default:
                return operation;
        }
    }

    private string Born(string parent)
    {
        string child = $"p{_all.Count + 1}";
        _all.Add(child);
        _parents[child] = parent;
        return child;
    }
}
