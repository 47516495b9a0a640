namespace BsdVm.Judge;

/// <summary>One access of four bytes, at the place in its slot that its kind has (<see cref="Slot"/>).</summary>
internal readonly record struct Access(ulong Address, AccessKind Kind, PrivilegeMode Mode)
{
    /// <summary>The access of a kind in the slot that holds <paramref name="address"/>.</summary>
    public static Access In(ulong address, AccessKind kind, PrivilegeMode mode) =>
        new((address & ~(Slot.Bytes - 1UL)) + Slot.OffsetOf(kind), kind, mode);
}

/// <summary>
/// Thirty-two bytes of physical memory that tell where they are: code that loads its own slot number and traps, a word with the slot
/// number, and a word to store to.
/// </summary>
internal static class Slot
{
    public const int Shift = 5;

    public const ulong Bytes = 1 << Shift;

    /// <summary>Where in its slot an access of a kind goes.</summary>
    public static ulong OffsetOf(AccessKind kind) => kind switch
    {
        AccessKind.Read => 16,
        AccessKind.Write => 20,
        _ => 0,
    };
}

/// <summary>What a processor made of an access.</summary>
/// <param name="IsAllowed">It happened.</param>
/// <param name="Physical">Then where; all ones if nobody can say.</param>
/// <param name="Fault">Otherwise the fault in the processor's own terms.</param>
internal readonly record struct Verdict(bool IsAllowed, ulong Physical, string Fault)
{
    public static Verdict Allowed(ulong physical) => new(true, physical, "");

    public static Verdict Refused(string fault) => new(false, 0, fault);

    public override string ToString() => IsAllowed ? $"0x{Physical:x}" : Fault;
}
