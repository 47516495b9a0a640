using BsdVm.X86;

namespace BsdVm.Judge;

/// <summary>
/// Tables with entries that no pmap makes: any bits, rights at every level, reserved bits, large pages wherever the format has them.
/// </summary>
internal sealed class X86RandomTables<TFormat>(Random random, PhysicalMemory memory, RandomFrames frames, X86Registers registers)
    where TFormat : struct, IX86Format
{
    private const int EntriesPerTable = 4;

    // A mark beside the address of a large page, in a bit that Dress takes out again.
    private const ulong LargeMark = 1UL << 62;

    private readonly List<ulong> _regions = [];

    /// <summary>Makes them.</summary>
    /// <returns>The root.</returns>
    public ulong Make()
    {
        PhysicalAddress root = Take(new(1UL << 20));
        if (TFormat.HasPointerRegisters)
        {
            for (int index = 0; index < 3; index++)
            {
                Write(root, index, random.Next(8) == 0 ? 0 : Take(TFormat.FrameLimit).Value | 1);
                Fill(new(ReadTable(root, index)), TFormat.Levels - 1, (ulong)index << TFormat.IndexShift(TFormat.Levels));
            }
        }
        else
        {
            Fill(root, TFormat.Levels, 0);
        }

        return root.Value;
    }

    /// <summary>An access, mostly by entries that were written.</summary>
    public Access Draw()
    {
        // PDPTE registers that are all empty lead nowhere.
        ulong region = _regions.Count == 0 ? 0 : _regions[random.Next(_regions.Count)];
        ulong address = region | (ulong)random.NextInt64(1L << (random.Next(3) == 0 ? 30 : 12));
        address |= random.Next(20) == 0 ? (ulong)random.Next() * PageSize.BaseBytes : 0;
        address = TFormat.Levels < 4 ? address & uint.MaxValue : (ulong)((long)(address << 16) >> 16);
        if (IsStub(address))
        {
            address &= 0x3FFF_FFFF;
        }

        var kind = (AccessKind)random.Next(3);
        if (TFormat.Levels == 4 && random.Next(40) == 0)
        {
            // Not canonical. A jump there faults before it has left.
            address ^= 1UL << random.Next(48, 64);
            kind = (AccessKind)random.Next(2);
        }

        return Access.In(address, kind, (PrivilegeMode)random.Next(2));
    }

    private static bool IsStub(ulong address) => TFormat.Levels switch
    {
        4 => address >> 39 == 0x1FF_FFFF,
        3 => address >> 30 == 3,
        _ => address >> 22 == 1023,
    };

    private void Fill(PhysicalAddress table, int level, ulong region)
    {
        if (table.Value == 0)
        {
            return;
        }

        int last = (1 << TFormat.IndexBits(level)) - (level == TFormat.Levels ? 1 : 0);
        for (int count = 0; count < EntriesPerTable; count++)
        {
            int index = random.Next(last);
            ulong address = region | ((ulong)index << TFormat.IndexShift(level));
            _regions.Add(address);
            if (ReadTable(table, index) != 0)
            {
                continue;
            }

            bool isLarge = level > 1 && level < 4 && random.Next(3) == 0
                && TFormat.IsLarge((ulong)X86EntryFlags.PageSize, level, registers);
            if (level == 1 || isLarge)
            {
                Write(table, index, Dress(PageAt(level), level));
            }
            else
            {
                ulong below = Take(TFormat.FrameLimit).Value;
                Write(table, index, Dress(below, level));
                Fill(new(below), level - 1, address);
            }
        }
    }

    // Bits around an address, most of them as they must be for a walk to go on.
    private ulong Dress(ulong entry, int level)
    {
        entry |= Likely(12) | (Likely(6) << 1) | (Likely(6) << 2) | ((ulong)random.Next(32) << 3 & 0x78) | (
            (ulong)random.Next(16) << 8 & 0xF00);
        entry |= level > 1 && level < 4 && (entry & LargeMark) != 0 ? (ulong)X86EntryFlags.PageSize : level == 1 ? Likely(2) << 7 : 0;
        entry &= ~LargeMark;
        if (TFormat.EntryShift == 3)
        {
            entry |= (1 - Likely(8)) << 63;
            entry |= TFormat.Levels == 4 ? (ulong)random.Next(1 << 11) << 52 : 0;
        }

        if (level == 2 && TFormat.Levels == 2 && !registers.Pse)
        {
            // Without CR4.PSE the bit means nothing.
            entry |= (ulong)random.Next(2) << 7;
        }

        bool isLarge = TFormat.IsLarge(entry, level, registers) && level > 1;
        ulong reserved = TFormat.ReservedBits(level, isLarge, registers) & ~(ulong)X86EntryFlags.ExecuteDisable;
        return random.Next(25) == 0 ? entry | (reserved & (1UL << PickBit(reserved))) : entry;
    }

    private int PickBit(ulong bits)
    {
        for (int skip = random.Next(Math.Max(1, System.Numerics.BitOperations.PopCount(bits))); skip > 0; skip--)
        {
            bits &= bits - 1;
        }

        return System.Numerics.BitOperations.TrailingZeroCount(bits);
    }

    private ulong PageAt(int level)
    {
        if (level == 1)
        {
            return (RandomFrames.Limit + (ulong)random.Next(0xD0000)) * PageSize.BaseBytes;
        }

        int shift = TFormat.IndexShift(level);
        ulong page = shift == 30 ? (ulong)random.Next(4, 8) << 30 : (ulong)random.Next(4, 700) << shift;
        return LargeMark | (TFormat.EncodeLarge(new(page), level, X86EntryFlags.None) & ~(ulong)X86EntryFlags.PageSize);
    }

    private ulong Likely(int odds) => random.Next(odds) == 0 ? 0UL : 1UL;

    private PhysicalAddress Take(PageFrameNumber below)
    {
        Assert.True(frames.TryAllocate(1, 1, below, out PageFrameNumber frame));
        memory.ZeroFrame(frame);
        return frame.Address;
    }

    private ulong ReadTable(PhysicalAddress table, int index)
    {
        PhysicalAddress at = table + ((ulong)index << TFormat.EntryShift);
        ulong entry = TFormat.EntryShift == 3 ? memory.Read64(at) : memory.Read32(at);
        return TFormat.TableOf(entry, 2).Value;
    }

    private void Write(PhysicalAddress table, int index, ulong entry)
    {
        PhysicalAddress at = table + ((ulong)index << TFormat.EntryShift);
        if (TFormat.EntryShift == 3)
        {
            memory.Write64(at, entry);
        }
        else
        {
            memory.Write32(at, (uint)entry);
        }
    }
}
