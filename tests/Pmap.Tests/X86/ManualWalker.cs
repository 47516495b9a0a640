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
    /// <param name="memory">The tables.</param>
    /// <param name="r">The registers.</param>
    /// <param name="levels">2, 3 (PAE) or 4.</param>
    /// <param name="pointers">With PAE, the PDPTE registers.</param>
    /// <param name="va">The address.</param>
    /// <param name="access">The access.</param>
    /// <param name="user">At CPL 3.</param>
    /// <param name="read">Takes the entries that are read, added behind what is there.</param>
    public static Verdict Walk(
        PhysicalMemory memory,
        X86Registers r,
        int levels,
        ulong[] pointers,
        ulong va,
        AccessKind access,
        bool user,
        List<(ulong At, ulong Word)> read)
    {
        var used = new List<(ulong At, ulong Word)>();
        Verdict verdict = levels switch
        {
            4 => FourLevel(memory, r, va, access, user, used),
            3 => Pae(memory, r, pointers, va, access, user, used),
            _ => TwoLevel(memory, r, va, access, user, used),
        };
        read.AddRange(used);
        if (verdict.Succeeds)
        {
            // T10: A in each entry used, D only in the last one and only by a store.
            for (int i = 0; i < used.Count; i++)
            {
                ulong set = 1UL << 5 | (i == used.Count - 1 && access == AccessKind.Write ? 1UL << 6 : 0);
                ulong at = used[i].At;
                int shift = levels > 2 ? 0 : (int)(at & 4) * 8;
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
            return Fault(FaultReason.NotPresent, r, access, user, 2);
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
                ? Fault(FaultReason.ReservedBit, r, access, user, 2)
                : Check([pde], large, r, access, user, levels: 2);
        }

        ulong pteAt = Bits(pde, 31, 12) * 4096 + Bits(va, 21, 12) * 4;
        ulong pte = memory.Read32(new(pteAt));
        used.Add((pteAt, pte));
        return Bit(pte, 0)
            ? Check([pde, pte], Bits(pte, 31, 12) * 4096 + Bits(va, 11, 0), r, access, user, levels: 2)
            : Fault(FaultReason.NotPresent, r, access, user, 2);
    }

    /// <summary>T16: what a load of CR3 with PAE puts into the four registers; null if it raises #GP(0).</summary>
    public static ulong[]? LoadPointers(PhysicalMemory memory, X86Registers r)
    {
        ulong[] pointers = [.. Enumerable.Range(0, 4).Select(i => memory.Read64(new((Bits(r.Cr3, 31, 5) * 32) + ((ulong)i * 8))))];
        int[] reserved = [1, 2, 5, 6, 7, 8, .. Enumerable.Range(r.PhysicalAddressBits, 64 - r.PhysicalAddressBits)];
        return pointers.Any(pointer => Bit(pointer, 0) && reserved.Any(bit => Bit(pointer, bit))) ? null : pointers;
    }

    // T15, T17, T18.
    private static Verdict Pae(
        PhysicalMemory memory, X86Registers r, ulong[] pointers, ulong va, AccessKind access, bool user, List<(ulong At, ulong Word)> used)
    {
        if (va > 0xFFFFFFFF)
        {
            return new(false, 0, 0, FaultReason.AddressRange, false);
        }

        ulong pointer = pointers[Bits(va, 31, 30)];
        if (!Bit(pointer, 0))
        {
            return Fault(FaultReason.NotPresent, r, access, user, 3);
        }

        ulong pdeAt = (Bits(pointer, 51, 12) * 4096) + (Bits(va, 29, 21) * 8);
        ulong pde = memory.Read64(new(pdeAt));
        used.Add((pdeAt, pde));
        if (!Bit(pde, 0))
        {
            return Fault(FaultReason.NotPresent, r, access, user, 3);
        }

        bool large = Bit(pde, 7);
        if (IsReservedInPae(pde, r) || (large && Bits(pde, 20, 13) != 0))
        {
            return Fault(FaultReason.ReservedBit, r, access, user, 3);
        }

        if (large)
        {
            return Check([pde], (Bits(pde, 51, 21) << 21) | Bits(va, 20, 0), r, access, user, levels: 3);
        }

        ulong pteAt = (Bits(pde, 51, 12) * 4096) + (Bits(va, 20, 12) * 8);
        ulong pte = memory.Read64(new(pteAt));
        used.Add((pteAt, pte));
        if (!Bit(pte, 0))
        {
            return Fault(FaultReason.NotPresent, r, access, user, 3);
        }

        return IsReservedInPae(pte, r)
            ? Fault(FaultReason.ReservedBit, r, access, user, 3)
            : Check([pde, pte], (Bits(pte, 51, 12) * 4096) + Bits(va, 11, 0), r, access, user, levels: 3);
    }

    private static bool IsReservedInPae(ulong word, X86Registers r) =>
        (Bit(word, 63) && !r.Nxe) || Enumerable.Range(r.PhysicalAddressBits, 63 - r.PhysicalAddressBits).Any(bit => Bit(word, bit));

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
                return Fault(FaultReason.NotPresent, r, access, user, 4);
            }

            bool maps = i == 3 || (i is 1 or 2 && Bit(word, 7));
            if (IsReserved(word, i, maps, indexes[i].Low, r))
            {
                return Fault(FaultReason.ReservedBit, r, access, user, 4);
            }

            if (maps)
            {
                ulong page = Bits(word, 51, indexes[i].Low) << indexes[i].Low;
                return Check([.. used.Select(u => u.Word)], page | Bits(va, indexes[i].Low - 1, 0), r, access, user, levels: 4);
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
    private static Verdict Check(ulong[] entries, ulong physical, X86Registers r, AccessKind access, bool user, int levels)
    {
        bool userPage = entries.All(entry => Bit(entry, 2));
        bool writable = entries.All(entry => Bit(entry, 1));
        bool noFetch = levels > 2 && r.Nxe && entries.Any(entry => Bit(entry, 63));
        bool refused = user && !userPage;
        refused |= access == AccessKind.Write && !writable && (user || r.Wp);
        refused |= access == AccessKind.Execute && noFetch;

        int key = (int)Bits(entries[^1], 62, 59);
        bool accessDisable = (r.Pkru >> (2 * key) & 1) != 0;
        bool writeDisable = (r.Pkru >> ((2 * key) + 1) & 1) != 0;
        bool byKey = levels == 4 && r.Pke && userPage && access != AccessKind.Execute
            && (accessDisable || (writeDisable && access == AccessKind.Write && (user || r.Wp)));
        if (refused || byKey)
        {
            Verdict fault = Fault(FaultReason.Protection, r, access, user, levels);
            return byKey ? fault with { Code = fault.Code | 32 } : fault;
        }

        return new(true, physical, 0, FaultReason.None, Bit(entries[^1], 8) && r.Pge);
    }

    // T13.
    private static Verdict Fault(FaultReason reason, X86Registers r, AccessKind access, bool user, int levels)
    {
        uint code = reason == FaultReason.NotPresent ? 0u : 1u;
        code += access == AccessKind.Write ? 2u : 0;
        code += user ? 4u : 0;
        code += reason == FaultReason.ReservedBit ? 8u : 0;
        code += access == AccessKind.Execute && levels > 2 && r.Nxe ? 16u : 0;
        return new(false, 0, code, reason, false);
    }

    private static bool Bit(ulong word, int number) => (word >> number & 1) != 0;

    private static ulong Bits(ulong word, int high, int low) => word << (63 - high) >> (63 - high + low);
}
