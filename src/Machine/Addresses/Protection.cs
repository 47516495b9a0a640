namespace BsdVm;

/// <summary>A set of rights to memory. Source: 4.4BSD <c>vm_prot_t</c>.</summary>
[Flags]
public enum Protection : byte
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>Loads are allowed.</summary>
    Read = 1,

    /// <summary>Stores are allowed.</summary>
    Write = 2,

    /// <summary>Instruction fetches are allowed.</summary>
    Execute = 4,

    /// <summary>Loads and stores.</summary>
    ReadWrite = Read | Write,

    /// <summary>Loads and fetches.</summary>
    ReadExecute = Read | Execute,

    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}

/// <summary>Set arithmetic and text for <see cref="Protection"/>.</summary>
public static class ProtectionExtensions
{
    /// <summary>Whether all of <paramref name="rights"/> are in the set.</summary>
    public static bool Allows(this Protection set, Protection rights) => (set & rights) == rights;

    /// <summary>Whether the one access is allowed by the set.</summary>
    public static bool Allows(this Protection set, AccessKind access) => (set & access.Right()) != 0;

    /// <summary>The right that an access needs.</summary>
    public static Protection Right(this AccessKind access) => (Protection)(1 << (int)access);

    /// <summary>Three characters of <c>rwx-</c>, as ls and /proc/PID/maps write them.</summary>
    public static string ToText(this Protection set) => string.Create(3, set, static (text, rights) =>
    {
        text[0] = (rights & Protection.Read) != 0 ? 'r' : '-';
        text[1] = (rights & Protection.Write) != 0 ? 'w' : '-';
        text[2] = (rights & Protection.Execute) != 0 ? 'x' : '-';
    });
}
