using BsdVm.Arm;

namespace BsdVm.Tests.Arm;

/// <summary>What a walk should come to: the address, or the kind of fault, its level and the domain that it reports.</summary>
internal sealed record Verdict(
    bool Succeeds, ulong Physical, string Fault, int Level, int Domain, bool IsGlobal, int References, int PageShift);

/// <summary>
/// Translation as the manual's statements read, bit number by bit number, one statement a line and no thought of speed. Shares nothing with
/// the library but the registers.
/// </summary>
internal static class ManualWalker
{
    /// <param name="memory">The tables.</param>
    /// <param name="r">The registers.</param>
    /// <param name="va">The address.</param>
    /// <param name="access">The access.</param>
    /// <param name="user">Unprivileged.</param>
    /// <param name="read">Takes the addresses of the descriptors that are read.</param>
    public static Verdict Walk(PhysicalMemory memory, ArmRegisters r, ulong va, AccessKind access, bool user, List<ulong> read)
    {
        // B3.5.4: TTBR0 unless one of the top N bits is set.
        int n = (int)Bits(r.Ttbcr, 2, 0);
        bool upper = n > 0 && Bits(va, 31, 32 - n) != 0;
        if (Bit(r.Ttbcr, upper ? 5 : 4))
        {
            return Fault("translation", 1, 0, 0);
        }

        ulong table = upper ? Bits(r.Ttbr1, 31, 14) << 14 : Bits(r.Ttbr0, 31, 14 - n) << (14 - n);
        ulong firstAt = table + (upper ? Bits(va, 31, 20) : Bits(va, 31 - n, 20)) * 4;
        if (firstAt >= memory.LengthBytes)
        {
            return Fault("external abort on walk", 1, 0, 0);
        }

        read.Add(firstAt);
        uint first = memory.Read32(new(firstAt));
        if (Bits(first, 1, 0) == 0)
        {
            return Fault("translation", 1, 0, 1);
        }

        if (Bit(first, 1))
        {
            bool super = Bit(first, 18);
            ulong physical = super
                ? Bits(first, 8, 5) << 36 | Bits(first, 23, 20) << 32 | Bits(first, 31, 24) << 24 | Bits(va, 23, 0)
                : Bits(first, 31, 20) << 20 | Bits(va, 19, 0);
            int ap = (int)(Bits(first, 15, 15) * 4 + Bits(first, 11, 10));
            int superDomain = super ? 0 : (int)Bits(first, 8, 5);
            return Check(
                r, 1, superDomain, ap, Bit(first, 4), Bit(first, 0), !Bit(first, 17), physical, super ? 24 : 20, access, user);
        }

        ulong secondAt = Bits(first, 31, 10) * 1024 + Bits(va, 19, 12) * 4;
        int domain = (int)Bits(first, 8, 5);
        if (secondAt >= memory.LengthBytes)
        {
            return Fault("external abort on walk", 2, domain, 1);
        }

        read.Add(secondAt);
        uint second = memory.Read32(new(secondAt));
        if (Bits(second, 1, 0) == 0)
        {
            return Fault("translation", 2, domain, 2);
        }

        bool small = Bit(second, 1);
        ulong page = small ? Bits(second, 31, 12) << 12 | Bits(va, 11, 0) : Bits(second, 31, 16) << 16 | Bits(va, 15, 0);
        int access3 = (int)(Bits(second, 9, 9) * 4 + Bits(second, 5, 4));
        return Check(
            r, 2, domain, access3, Bit(second, small ? 0 : 15), Bit(first, 2), !Bit(second, 11), page, small ? 12 : 16, access, user);
    }

    private static Verdict Check(
        ArmRegisters r,
        int level,
        int domain,
        int ap,
        bool xn,
        bool pxn,
        bool global,
        ulong physical,
        int shift,
        AccessKind access,
        bool user)
    {
        if (r.Afe && ap % 2 == 0)
        {
            return Fault("access flag", level, domain, level);
        }

        ulong type = Bits(r.Dacr, (2 * domain) + 1, 2 * domain);
        if (type is 0 or 2)
        {
            return Fault("domain", level, domain, level);
        }

        // Rows of the manual's tables: privileged, user.
        string rights = r.Afe
            ? (ap / 2) switch { 0 => "RW -", 1 => "RW RW", 2 => "R -", _ => "R R" }
            : ap switch { 1 => "RW -", 2 => "RW R", 3 => "RW RW", 5 => "R -", 6 => "R R", 7 => "R R", _ => "- -" };
        string mine = rights.Split(' ')[user ? 1 : 0];
        bool allowed = access switch
        {
            AccessKind.Read => mine.Contains('R'),
            AccessKind.Write => mine.Contains('W'),
            _ => mine.Contains('R') && !xn && (user || !pxn),
        };
        return allowed || type == 3
            ? new(true, physical, "", 0, 0, global, level, shift)
            : Fault("permission", level, domain, level);
    }

    private static Verdict Fault(string kind, int level, int domain, int references) =>
        new(false, 0, kind, level, domain, false, references, 0);

    private static bool Bit(ulong word, int number) => (word >> number & 1) != 0;

    private static ulong Bits(ulong word, int high, int low) => word << (63 - high) >> (63 - high + low);
}
