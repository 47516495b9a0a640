namespace BsdVm.Judge;

/// <summary>An R4000 with 1 GB, little-endian; the stub has the megabyte at 0x1FC00000 and the last of 48 TLB entries.</summary>
internal sealed class MipsEmulator() : Emulator(Program, "R4000", Ram, "mips.hex", StubStart)
{
    public const string Program = "qemu-system-mips64el";

    public const ulong StubStart = 0x1FC0_0000;

    public const ulong Ram = 1UL << 30;

    /// <summary>TLB entries that a trial can have.</summary>
    public const int EntryCount = 47;

    /// <summary>The pair of pages of 16 MB in which the stub has a page for programs' accesses.</summary>
    public const ulong StubRegion = 0x7E00_0000;

    /// <summary>The size of such a pair, and its alignment.</summary>
    public const int RegionShift = 25;

    private const uint ExceptionCodeSystemCall = 8;

    /// <summary>The stub's registers: Status, EntryHi's ASID, and all entries; unused ones match nothing that is mapped.</summary>
    public static ulong[] Registers(TranslationRoot root, uint asid)
    {
        bool isWide = root.Registers.Any(static register => register.Key == "mode64" && register.Value != 0);
        var registers = new List<ulong> { 0x0040_0000 | (isWide ? 0xE0UL : 0), asid };
        for (int index = 0; index < EntryCount; index++)
        {
            TlbEntryImage entry = index < root.Tlb.Length ? root.Tlb[index] : new(0, 0xFFFF_FFFF_8000_0000 + ((ulong)index << 13), 0, 0);
            registers.AddRange([entry.PageMask, entry.EntryHi, entry.EntryLo0, entry.EntryLo1]);
        }

        return [.. registers];
    }

    public override (ulong Address, int Bytes) LentEntry(ulong root) => (0, 0);

    public override void Lend(ulong root)
    {
    }

    // lui k1, high; ori k1, k1, low; syscall; and the words for loads and stores.
    public override void FillSlot(ulong physical)
    {
        var number = (uint)(physical >> Slot.Shift);
        Memory.Write<uint>(physical, [0x3C1B_0000 | (number >> 16), 0x377B_0000 | (number & 0xFFFF), 0x0000_000C, 0, number, 0, 0, 0]);
    }

    public override Verdict Read(in Access access, in Answer answer, ulong expected, uint mark)
    {
        ulong told = ((ulong)answer.Value << Slot.Shift) + Slot.OffsetOf(access.Kind);
        uint code = (answer.Code >> 2) & 31;
        if (code == ExceptionCodeSystemCall)
        {
            return access.Kind != AccessKind.Write ? Verdict.Allowed(told)
                : Verdict.Allowed(expected < Ram && Memory.Read<uint>(expected) == mark ? expected : ulong.MaxValue);
        }

        string name = (code, answer.Vector) switch
        {
            (1, 2) => "modified",
            (2 or 3, 1) => "refill",
            (2 or 3, 2) => "invalid",
            (4 or 5, 2) => "address-error",
            _ => "vector " + answer.Vector,
        };
        return Verdict.Refused(answer.Address == access.Address ? $"{name} {code}" : $"{name} {code} at 0x{answer.Address:x}");
    }

    protected override void PrepareTables()
    {
    }
}
