namespace BsdVm.Judge;

/// <summary>An x86 processor with 40 physical address bits and 8 GB; the stub has the last 2 MB below 4 GB.</summary>
internal sealed class X86Emulator : Emulator
{
    public const string Program = "qemu-system-x86_64";

    public const ulong StubStart = 0xFFE0_0000;

    public const ulong StubBytes = 0x20_0000;

    public const int PhysicalAddressBits = 40;

    public const ulong Ram = 8UL << 30;

    // Tables of the stub's own.
    private const ulong NarrowTable = StubStart + 0x7000;
    private const ulong HighPointers = StubStart + 0x8000;
    private const ulong Directory = StubStart + 0x9000;
    private const ulong Home = StubStart + 0xA000;
    private const ulong LowPointers = StubStart + 0xB000;
    private const ulong Table = 7;
    private const ulong LargePage = 0x87;
    private const int LastEntry = 511 * 8;

    private readonly string _architecture;

    public X86Emulator(string architecture)
        : base(Program, "max,-apic,apic-id=0", Ram, architecture == "amd64" ? "amd64.hex" : "ia32.hex", StubStart)
    {
        _architecture = architecture;
    }

    public override (ulong Address, int Bytes) LentEntry(ulong root) => _architecture switch
    {
        "ia32" => (root + (1023 * 4), 4),
        "pae" => (root + (3 * 8), 8),
        _ => (root + LastEntry, 8),
    };

    public override void Lend(ulong root)
    {
        ulong at = LentEntry(root).Address;
        switch (_architecture)
        {
            case "ia32":
                Memory.Write(at, (uint)(NarrowTable | Table));
                break;
            case "pae":
                Memory.Write(at, Directory | 1);
                break;
            default:
                Memory.Write(at, HighPointers | Table);
                break;
        }
    }

    // mov eax, number; int3; and the words for loads and stores.
    public override void FillSlot(ulong physical)
    {
        ulong number = physical >> Slot.Shift;
        Memory.Write<ulong>(physical, [0xB8 | (number << 8) | (0xCCUL << 40), 0, number, 0]);
    }

    public override Verdict Read(in Access access, in Answer answer, ulong expected, uint mark)
    {
        ulong told = ((ulong)answer.Value << Slot.Shift) + Slot.OffsetOf(access.Kind);
        return (answer.Vector, access.Kind) switch
        {
            (0x80, AccessKind.Read) => Verdict.Allowed(told),
            (0x80, AccessKind.Write) => Verdict.Allowed(expected < Ram && Memory.Read<uint>(expected) == mark ? expected : ulong.MaxValue),
            (3, AccessKind.Execute) => Verdict.Allowed(told),
            (14, _) when answer.Address == access.Address => Verdict.Refused($"#PF 0x{answer.Code:x}"),
            (13, _) => Verdict.Refused("#GP"),
            _ => Verdict.Refused($"vector {answer.Vector} code 0x{answer.Code:x} address 0x{answer.Address:x}"),
        };
    }

    protected override void PrepareTables()
    {
        for (uint page = 512; page < 1024; page++)
        {
            Memory.Write(NarrowTable + (page * 4), (uint)(StubStart + ((page - 512) * PageSize.BaseBytes) + Table));
        }

        Memory.Write(HighPointers + LastEntry, Directory | Table);
        Memory.Write(Directory + LastEntry, StubStart | LargePage);
        Memory.Write(Home + LastEntry, HighPointers | Table);
        Memory.Write(Home, LowPointers | Table);
        Memory.Write(LowPointers + (3 * 8), Directory | Table);
    }
}
