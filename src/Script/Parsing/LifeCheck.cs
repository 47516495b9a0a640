namespace BsdVm.Script;

/// <summary>
/// The checks over whole scripts: whether processes and files exist at the lines that use them, and whether a process that stands still
/// (its vfork child lives, or the child it waits for does) is asked to do something.
/// </summary>
internal sealed class LifeCheck
{
    private readonly string _fileName;
    private readonly Dictionary<string, Life> _processes = new() { [VmScript.FirstProcess] = new Life(VmScript.FirstProcess, null) };
    private readonly Dictionary<string, int> _files = [];
    private readonly Dictionary<string, int> _allFiles = [];

    private LifeCheck(string fileName) => _fileName = fileName;

    /// <summary>The first error, or null.</summary>
    public static ScriptError? Check(string fileName, IEnumerable<ScriptOperation> operations)
    {
        LifeCheck check = new(fileName);
        foreach (FileCreateOperation made in operations.OfType<FileCreateOperation>())
        {
            check._allFiles.TryAdd(made.File, made.Line);
        }

        foreach (ScriptOperation operation in operations)
        {
            if (check.Problem(operation) is { } problem)
            {
                return new ScriptError(fileName, operation.Line, operation.Column, problem);
            }
        }

        return null;
    }

    private string? Problem(ScriptOperation operation) => operation switch
    {
        FileCreateOperation create => _files.TryAdd(create.File, create.Line)
            ? null
            : $"a second file '{create.File}': the first one is made on line {_files[create.File]}",
        FileOperation file => FileProblem(file.File),
        ProcessOperation process => ProcessProblem(process),
        _ => null,
    };

    private string? FileProblem(string file)
    {
        if (_files.ContainsKey(file))
        {
            return null;
        }

        return _allFiles.TryGetValue(file, out int line)
            ? $"file '{file}' is made only on line {line}"
            : $"there is no file '{file}'; a line 'file {file} SIZE' makes it";
    }

    private string? ProcessProblem(ProcessOperation operation)
    {
        if (!_processes.TryGetValue(operation.Process, out Life? life))
        {
            return $"process '{operation.Process}' does not exist at this line";
        }

        if (life.ExitLine != 0)
        {
            return $"process '{operation.Process}' exited on line {life.ExitLine}";
        }

        if (life.WaitsFor is { ExitLine: 0 } other)
        {
            return life.WaitLine == 0
                ? $"process '{operation.Process}' stands still while its vfork child '{other.Name}' lives"
                : $"process '{operation.Process}' stands still: it waits for '{other.Name}' since line {life.WaitLine}";
        }

        return operation switch
        {
            ForkOperation fork => ForkProblem(life, fork.Child, vfork: false),
            VforkOperation fork => ForkProblem(life, fork.Child, vfork: true),
            WaitOperation wait => WaitProblem(life, wait),
            ExitOperation exit => Exit(life, exit.Line),
            MmapOperation { Source.File: { } file } => FileProblem(file),
            PreadOperation read => FileProblem(read.File),
            PwriteOperation write => FileProblem(write.File),
            _ => null,
        };
    }

    private string? ForkProblem(Life parent, string name, bool vfork)
    {
        if (_processes.TryGetValue(name, out Life? old) && old.ExitLine == 0)
        {
            return $"process '{name}' lives already";
        }

        Life child = new(name, parent);
        _processes[name] = child;
        parent.WaitsFor = vfork ? child : null;
        parent.WaitLine = 0;
        return null;
    }

    private string? WaitProblem(Life parent, WaitOperation wait)
    {
        if (!_processes.TryGetValue(wait.Child, out Life? child))
        {
            return $"process '{wait.Child}' does not exist at this line";
        }

        if (child.Parent == parent && child.ExitLine == 0)
        {
            parent.WaitsFor = child;
            parent.WaitLine = wait.Line;
        }

        return null;
    }

    private static string? Exit(Life life, int line)
    {
        life.ExitLine = line;
        return null;
    }

    private sealed class Life(string name, Life? parent)
    {
        public string Name { get; } = name;

        public Life? Parent { get; } = parent;

        public int ExitLine { get; set; }

        public Life? WaitsFor { get; set; }

        // 0: it stands still because of vfork, not wait.
        public int WaitLine { get; set; }
    }
}
