namespace BsdVm.Cli;

/// <summary>
/// A file that a command writes. It appears whole or not at all, never in place of something that is no regular file, and never in place
/// of what the command reads.
/// </summary>
internal sealed class OutputFile
{
    private readonly string _name;
    private readonly string _target;
    private readonly FileIdentity? _existing;

    private OutputFile(string name, string target, FileIdentity? existing)
    {
        _name = name;
        _target = target;
        _existing = existing;
    }

    /// <summary>Refuses what must not be written before any work is done for it.</summary>
    /// <param name="name">The name that the user gave.</param>
    /// <param name="inputs">The names of all that the command reads; nulls are passed over.</param>
    public static OutputFile At(string name, params IEnumerable<string?> inputs)
    {
        if (name.Length == 0)
        {
            throw new UsageException("a file to write needs a name");
        }

        FileIdentity? existing = FileIdentity.Of(name);
        if (existing is null)
        {
            // A symlink to a file that is not there yet: its target comes to be.
            return new(name, TargetOf(name), null);
        }

        string what = existing.Kind switch
        {
            FileKind.Directory => "a directory",
            FileKind.BlockDevice => "a block device",
            FileKind.Pipe => "a pipe",
            FileKind.Socket => "a socket",
            _ => "",
        };
        if (what.Length > 0)
        {
            throw new UsageException($"{name}: is {what}, not a file to write");
        }

        if (inputs.FirstOrDefault(input => input is { Length: > 0 } && FileIdentity.Of(input)?.Key == existing.Key) is { } same)
        {
            string which = same == name ? "is the input" : $"is the same file as the input {same}";
            throw new UsageException($"{name}: {which}, which is not overwritten");
        }

        return new(name, TargetOf(name), existing);
    }

    /// <summary>Writes the file; an error or a signal on the way leaves what was there.</summary>
    public void Write(Action<FileStream> write)
    {
        if (_existing is { Kind: FileKind.CharacterDevice })
        {
            // Devices take bytes and stay what they are.
            using var device = new FileStream(_name, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            write(device);
            return;
        }

        if (_existing is not null)
        {
            // Renaming would replace a file that its owner protects from writing.
            using FileStream writable = new(_target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(_target))))
        {
            throw new UsageException($"{_name}: its folder does not exist");
        }

        using UnfinishedFile unfinished = UnfinishedFile.Beside(_target);
        using (FileStream stream = unfinished.Open())
        {
            write(stream);
        }

        unfinished.MoveTo(_target, keepsMode: _existing is not null);
    }

    /// <summary>Writes text in UTF-8.</summary>
    public void WriteText(string text) => Write(stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    });

    private static string TargetOf(string name) =>
        new FileInfo(name).LinkTarget is null ? name : File.ResolveLinkTarget(Path.GetFullPath(name), returnFinalTarget: true)!.FullName;
}
