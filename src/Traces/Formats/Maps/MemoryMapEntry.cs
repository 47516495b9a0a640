namespace BsdVm.Traces;

/// <summary>One line of /proc/PID/maps. Source: Linux proc(5).</summary>
/// <param name="Range">The addresses, whole base pages.</param>
/// <param name="Protection">The rights.</param>
/// <param name="IsShared">Shared rather than private.</param>
/// <param name="Offset">The offset in the file of its first byte.</param>
/// <param name="DeviceMajor">The major number of the file's device.</param>
/// <param name="DeviceMinor">The minor number of the file's device.</param>
/// <param name="Inode">The file's inode, 0 for anonymous memory.</param>
/// <param name="Path">The file, a name such as <c>[heap]</c>, or empty.</param>
public sealed record MemoryMapEntry(
    AddressRange Range, Protection Protection, bool IsShared, ulong Offset, uint DeviceMajor, uint DeviceMinor, ulong Inode, string Path)
{
    /// <summary>Whether a file stands behind it.</summary>
    public bool IsFile => Inode != 0 || Path.StartsWith('/');

    /// <summary>The line as the kernel writes it, without the padding before the path.</summary>
    public override string ToString()
    {
        string head = $"{Range} {Protection.ToText()}{(IsShared ? 's' : 'p')} {Offset:x8} {DeviceMajor:x2}:{DeviceMinor:x2} {Inode}";
        return Path.Length == 0 ? head : head + " " + Path;
    }
}
