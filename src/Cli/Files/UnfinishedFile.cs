namespace BsdVm.Cli;

/// <summary>
/// A file under way: it gets its name when it is whole; if it never is, it is deleted, also when a signal ends the program.
/// </summary>
internal sealed class UnfinishedFile : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> UnderWay = [];

    private readonly string _path;

    private UnfinishedFile(string path) => _path = path;

    /// <summary>A file in the folder of <paramref name="target"/>, so that it can be renamed to it.</summary>
    public static UnfinishedFile Beside(string target)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(target)) ?? "/";
        return new(Path.Combine(folder, $".bsdvm-{Path.GetRandomFileName()}.part"));
    }

    /// <summary>Deletes what is under way and ends the program: the writers wait at the gate for that.</summary>
    public static void DeleteAllAndExit(int code)
    {
        lock (Gate)
        {
            foreach (string path in UnderWay)
            {
                File.Delete(path);
            }

            Environment.Exit(code);
        }
    }

    /// <summary>Creates it.</summary>
    public FileStream Open()
    {
        lock (Gate)
        {
            var stream = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite);
            UnderWay.Add(_path);
            return stream;
        }
    }

    /// <summary>Gives it its name.</summary>
    public void MoveTo(string target, bool keepsMode)
    {
        lock (Gate)
        {
            if (keepsMode && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_path, File.GetUnixFileMode(target));
            }

            File.Move(_path, target, overwrite: true);
            UnderWay.Remove(_path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Gate)
        {
            if (UnderWay.Remove(_path))
            {
                File.Delete(_path);
            }
        }
    }
}
