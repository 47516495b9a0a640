namespace BsdVm;

/// <summary>
/// The low 12 bits of a translation as a walk returns it and a TLB keeps it; the bits above are the physical address of the 4 KB page.
/// Rights are those that hold after all levels and control registers, one set for each privilege mode.
/// </summary>
[Flags]
public enum TlbFlags : ulong
{
    /// <summary>No translation.</summary>
    None = 0,

    /// <summary>The entry may be used.</summary>
    Valid = 1 << 0,

    /// <summary>User loads.</summary>
    UserRead = 1 << 1,

    /// <summary>User stores.</summary>
    UserWrite = 1 << 2,

    /// <summary>User fetches.</summary>
    UserExecute = 1 << 3,

    /// <summary>Supervisor loads.</summary>
    SupervisorRead = 1 << 4,

    /// <summary>Supervisor stores.</summary>
    SupervisorWrite = 1 << 5,

    /// <summary>Supervisor fetches.</summary>
    SupervisorExecute = 1 << 6,

    /// <summary>The tables already say modified: a store needs no new walk.</summary>
    Dirty = 1 << 7,

    /// <summary>Survives a change of address space.</summary>
    Global = 1 << 8,
}

/// <summary>Arithmetic on <see cref="TlbFlags"/>.</summary>
public static class TlbFlagsExtensions
{
    /// <summary>The physical page part of a translation word.</summary>
    public const ulong PageMask = ~0xFFFUL;

    /// <summary>Where an address lies, by the translation word of the 4 KB page that holds it.</summary>
    public static PhysicalAddress PhysicalAddressOf(ulong translation, VirtualAddress address) =>
        new((translation & PageMask) | address.OffsetInPage);

    /// <summary>The flags that a translation must have for an access to go through without a walk.</summary>
    public static TlbFlags Needed(AccessKind access, PrivilegeMode mode) =>
        TlbFlags.Valid
        | (TlbFlags)((ulong)TlbFlags.UserRead << ((int)access + (3 * (int)mode)))
        | (access == AccessKind.Write ? TlbFlags.Dirty : TlbFlags.None);

    /// <summary>The flags that give <paramref name="rights"/> to a mode.</summary>
    public static TlbFlags Rights(Protection rights, PrivilegeMode mode) => (TlbFlags)((ulong)rights << (1 + (3 * (int)mode)));
}
