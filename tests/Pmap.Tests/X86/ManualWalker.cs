using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>What a walk should come to.</summary>
internal sealed record Verdict(bool Succeeds, ulong Physical, uint Code, FaultReason Reason, bool IsGlobal);

/// <summary>
/// Paging as the manual's statements read, bit number by bit number, one statement a line and no thought of speed. Shares nothing with the
/// library but the registers. T numbers are those of the project's fact sheet on formats.
/// </summary>
internal static class ManualWalker
{
    public static Verdict Walk(PhysicalMemory memory, X86Registers r, bool fourLevel, ulong va, AccessKind access, bool user)
    {
        var used = new List<(ulong At, ulong Word)>();
        Verdict verdict = fourLevel ? FourLevel(memory, r, va, access, user, used) : TwoLevel(memory, r, va, access, user, used);
        if (verdict.Succeeds)
        {
            // T10: A in each entry used, D only in the last one and only by a store.
            for (int i = 0; i < used.Count; i++)
            {
                ulong set = 1UL << 5 | (i == used.Count - 1 && access == AccessKind.Write ? 1UL << 6 : 0);
                ulong at = used[i].At;
                int shift = fourLevel ? 0 : (int)(at & 4) * 8;
                memory.Write64(new(at), memory.Read64(new(at)) | (set << shift));
            }
        }

        return verdict;
    }

    private static Verdict TwoLevel(
        PhysicalMemory memory, X86Registers r, ulong va, AccessKind access, bool user, List<(ulong At, ulong Word)> used)
    {
        if (va > 0xFFFFFFFF)
        {
            return new(false, 0, 0, FaultReason.AddressRange, false);
        }

        ulong pdeAt = Bits(r.Cr3, 31, 12) * 4096 + Bits(va, 31, 22) * 4;
        ulong pde = memory.Read32(new(pdeAt));
        used.Add((pdeAt, pde));
        if (!Bit(pde, 0))
        {
            return Fault(FaultReason.NotPresent, r, access, user, false);
        }

        if (Bit(pde, 7) && r.Pse)
        {
            // T4: bit 21 reserved; 20:13 are address bits 39:32, reserved above what the processor has.
            bool reserved = Bit(pde, 21);
            for (int bit = 13; bit <= 20; bit++)
            {
                reserved |= Bit(pde, bit) && bit - 13 + 32 >= r.PhysicalAddressBits;
            }

            ulong large = Bits(pde, 20, 13) << 32 | Bits(pde, 31, 22) << 22 | Bits(va, 21, 0);
            return reserved
                ? Fault(FaultReason.ReservedBit, r, access, user, false)
                : Check([pde], large, r, access, user, fourLevel: false);
        }

        ulong pteAt = Bits(pde, 31, 12) * 4096 + Bits(va, 21, 12) * 4;
        ulong pte = memory.Read32(new(pteAt));
        used.Add((pteAt, pte));
        return Bit(pte, 0)
            ? Check([pde, pte], Bits(pte, 31, 12) * 4096 + Bits(va, 11, 0), r, access, user, fourLevel: false)
            : Fault(FaultReason.NotPresent, r, access, user, false);
    }

    private static Verdict FourLevel(
        PhysicalMemory memory, X86Registers r, ulong va, AccessKind access, bool user, List<(ulong At, ulong Word)> used)
    {
        ulong upper = Bits(va, 63, 47);
        if (upper is not 0 and not 0x1FFFF)
        {
            return new(false, 0, 0, FaultReason.AddressRange, false);
        }

        ulong table = Bits(r.Cr3, 51, 12);
        (int High, int Low)[] indexes = [(47, 39), (38, 30), (29, 21), (20, 12)];
        for (int i = 0; i < 4; i++)
        {
            ulong at = table * 4096 + Bits(va, indexes[i].High, indexes[i].Low) * 8;
            ulong word = memory.Read64(new(at));
            used.Add((at, word));
            if (!Bit(word, 0))
            {
                return Fault(FaultReason.NotPresent, r, access, user, true);
            }

            bool maps = i == 3 || (i is 1 or 2 && Bit(word, 7));
            if (IsReserved(word, i, maps, indexes[i].Low, r))
            {
                return Fault(FaultReason.ReservedBit, r, access, user, true);
            }

            if (maps)
            {
                ulong page = Bits(word, 51, indexes[i].Low) << indexes[i].Low;
                return Check([.. used.Select(u => u.Word)], page | Bits(va, indexes[i].Low - 1, 0), r, access, user, fourLevel: true);
            }

            table = Bits(word, 51, 12);
        }

        throw new InvalidOperationException();
    }

    // T18, T21.
    private static bool IsReserved(ulong word, int step, bool maps, int low, X86Registers r)
    {
        bool reserved = (step == 0 && Bit(word, 7)) || (Bit(word, 63) && !r.Nxe);
        for (int bit = r.PhysicalAddressBits; bit <= 51; bit++)
        {
            reserved |= Bit(word, bit);
        }

        for (int bit = 13; maps && step < 3 && bit < low; bit++)
        {
            reserved |= Bit(word, bit);
        }

        return reserved;
    }

    // T7, T8, T22 and protection keys.
    private static Verdict Check(ulong[] entries, ulong physical, X86Registers r, AccessKind access, bool user, bool fourLevel)
    {
        bool userPage = entries.All(entry => Bit(entry, 2));
        bool writable = entries.All(entry => Bit(entry, 1));
        bool noFetch = fourLevel && r.Nxe && entries.Any(entry => Bit(entry, 63));
        bool refused = user && !userPage;
        refused |= access == AccessKind.Write && !writable && (user || r.Wp);
        refused |= access == AccessKind.Execute && noFetch;

        int key = (int)Bits(entries[^1], 62, 59);
        bool accessDisable = (r.Pkru >> (2 * key) & 1) != 0;
        bool writeDisable = (r.Pkru >> ((2 * key) + 1) & 1) != 0;
        bool byKey = fourLevel && r.Pke && userPage && access != AccessKind.Execute
            && (accessDisable || (writeDisable && access == AccessKind.Write && (user || r.Wp)));
        if (refused || byKey)
        {
            Verdict fault = Fault(FaultReason.Protection, r, access, user, fourLevel);
            return byKey ? fault with { Code = fault.Code | 32 } : fault;
        }

        return new(true, physical, 0, FaultReason.None, Bit(entries[^1], 8) && r.Pge);
    }

    // T13.
    private static Verdict Fault(FaultReason reason, X86Registers r, AccessKind access, bool user, bool fourLevel)
    {
        uint code = reason == FaultReason.NotPresent ? 0u : 1u;
        code += access == AccessKind.Write ? 2u : 0;
        code += user ? 4u : 0;
        code += reason == FaultReason.ReservedBit ? 8u : 0;
        code += access == AccessKind.Execute && fourLevel && r.Nxe ? 16u : 0;
        return new(false, 0, code, reason, false);
    }

    private static bool Bit(ulong word, int number) => (word >> number & 1) != 0;

    private static ulong Bits(ulong word, int high, int low) => word << (63 - high) >> (63 - high + low);
}
