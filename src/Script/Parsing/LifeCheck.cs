namespace BsdVm.Script;

/// <summary>
/// The checks over whole scripts: whether processes and files exist at the lines that use them, and whether a process that stands still
/// (its vfork child lives, or the child it waits for does) is asked to do something.
/// </summary>
internal sealed class LifeCheck
{
    private readonly Dictionary<string, ProcessLife> _processes =
        new() { [VmScript.FirstProcess] = new ProcessLife(VmScript.FirstProcess, null) };

    private readonly Dictionary<string, int> _files = [];
    private readonly Dictionary<string, int> _allFiles = [];

    /// <summary>The first error, or null.</summary>
    public static ScriptError? Check(string fileName, IEnumerable<ScriptOperation> operations)
    {
        LifeCheck lives = new();
        foreach (FileCreateOperation made in operations.OfType<FileCreateOperation>())
        {
            lives._allFiles.TryAdd(made.File, made.Line);
        }

        foreach (ScriptOperation operation in operations)
        {
            if (operation.Check(lives) is { } problem)
            {
                return new ScriptError(fileName, operation.Line, operation.Column, problem);
            }
        }

        return null;
    }

    /// <summary>Why a process cannot act at this line, or null and its life.</summary>
    public string? ActorProblem(string process, out ProcessLife? actor)
    {
        if (FindProcess(process, out actor) is { } problem)
        {
            return problem;
        }

        if (actor!.ExitLine != 0)
        {
            return $"process '{process}' exited on line {actor.ExitLine}";
        }

        if (actor.WaitsFor is { ExitLine: 0 } other)
        {
            return actor.WaitLine == 0
                ? $"process '{process}' stands still while its vfork child '{other.Name}' lives"
                : $"process '{process}' stands still: it waits for '{other.Name}' since line {actor.WaitLine}";
        }

        return null;
    }

    /// <summary>The latest life of this name, ended or not; a problem if there never was one.</summary>
    public string? FindProcess(string process, out ProcessLife? life) =>
        _processes.TryGetValue(process, out life) ? null : $"process '{process}' does not exist at this line";

    /// <summary>A child begins to live, unless one of this name does already.</summary>
    public string? AddChild(ProcessLife parent, string name, out ProcessLife child)
    {
        child = new(name, parent);
        if (_processes.TryGetValue(name, out ProcessLife? old) && old.ExitLine == 0)
        {
            return $"process '{name}' lives already";
        }

        _processes[name] = child;
        return null;
    }

    /// <summary>A file is made, unless there is one of this name.</summary>
    public string? AddFile(string file, int line) =>
        _files.TryAdd(file, line) ? null : $"a second file '{file}': the first one is made on line {_files[file]}";

    /// <summary>Why a file cannot be used at this line, or null.</summary>
    public string? FileProblem(string file)
    {
        if (_files.ContainsKey(file))
        {
            return null;
        }

        return _allFiles.TryGetValue(file, out int line)
            ? $"file '{file}' is made only on line {line}"
            : $"there is no file '{file}'; a line 'file {file} SIZE' makes it";
    }
}
