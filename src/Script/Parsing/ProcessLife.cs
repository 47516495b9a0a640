namespace BsdVm.Script;

/// <summary>What the check before the run knows of a process at a line.</summary>
/// <param name="name">The process's name.</param>
/// <param name="parent">Who made it; null for the first one.</param>
internal sealed class ProcessLife(string name, ProcessLife? parent)
{
    /// <summary>The process's name.</summary>
    public string Name { get; } = name;

    /// <summary>Who made it; null for the first one.</summary>
    public ProcessLife? Parent { get; } = parent;

    /// <summary>The line of its exit; 0 while it lives.</summary>
    public int ExitLine { get; set; }

    /// <summary>The child until whose exit it stands still.</summary>
    public ProcessLife? WaitsFor { get; set; }

    /// <summary>The line of its wait; 0 where it stands still because of vfork.</summary>
    public int WaitLine { get; set; }
}
