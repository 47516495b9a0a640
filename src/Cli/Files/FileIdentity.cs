using System.Runtime.InteropServices;

namespace BsdVm.Cli;

/// <summary>What stands behind a file name, links followed, and which file it is whatever it is called.</summary>
/// <param name="Kind">A file, a directory, or something else.</param>
/// <param name="Key">Equal for two names of one file.</param>
internal sealed partial record FileIdentity(FileKind Kind, string Key)
{
    private const int CurrentFolder = -100;
    private const uint BasicStatistics = 0x7ff;
    private const int TypeMask = 0xf000;

    /// <summary>Null where nothing has that name, or the name leads nowhere.</summary>
    public static FileIdentity? Of(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Directory.Exists(name) ? new(FileKind.Directory, Path.GetFullPath(name))
                : File.Exists(name) ? new(FileKind.Regular, Path.GetFullPath(name))
                : null;
        }

        if (Statx(CurrentFolder, name, 0, BasicStatistics, out Statistics found) != 0)
        {
            return null;
        }

        FileKind kind = (found.Mode & TypeMask) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0x2000 => FileKind.CharacterDevice,
            0x6000 => FileKind.BlockDevice,
            0x1000 => FileKind.Pipe,
            _ => FileKind.Socket,
        };
        return new(kind, $"{found.DeviceMajor}:{found.DeviceMinor}:{found.Inode}");
    }

    // The one call whose structure is the same on every Linux; .NET itself does not tell a device or a pipe from a file.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string name, int flags, uint mask, out Statistics found);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statistics
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}

/// <summary>What a name may stand for.</summary>
internal enum FileKind
{
    Regular,
    Directory,
    CharacterDevice,
    BlockDevice,
    Pipe,
    Socket,
}
