namespace BsdVm.Judge;

/// <summary>A Cortex-A15 with 4 GB; the stub has the last megabyte, and domain 15.</summary>
internal sealed class ArmEmulator() : Emulator(Program, "cortex-a15,reset-hivecs=on", Ram, "armv7.hex", StubStart)
{
    public const string Program = "qemu-system-arm";

    public const ulong StubStart = 0xFFF0_0000;

    public const ulong Ram = 4UL << 30;

    /// <summary>The domain of the stub's section, and its client bits in DACR.</summary>
    public const int StubDomain = 15;

    public const uint StubClient = 1U << (2 * StubDomain);

    private const uint FullAccess = 3 << 10;
    private const uint Section = 2;

    public override (ulong Address, int Bytes) LentEntry(ulong root) => (root + (4095 * 4), 4);

    public override void Lend(ulong root) =>
        Memory.Write(LentEntry(root).Address, (uint)StubStart | (StubDomain << 5) | FullAccess | Section);

    // movw r0, low; movt r0, high; svc; and the words for loads and stores.
    public override void FillSlot(ulong physical)
    {
        var number = (uint)(physical >> Slot.Shift);
        Memory.Write<uint>(
            physical, [0xE300_0000 | Immediate(number & 0xFFFF), 0xE340_0000 | Immediate(number >> 16), 0xEF00_0000, 0, number, 0, 0, 0]);
    }

    public override Verdict Read(in Access access, in Answer answer, ulong expected, uint mark)
    {
        ulong told = ((ulong)answer.Value << Slot.Shift) + Slot.OffsetOf(access.Kind);
        return (Vector: answer.Vector, access.Kind) switch
        {
            (2, AccessKind.Write) => Verdict.Allowed(expected < Ram && Memory.Read<uint>(expected) == mark ? expected : ulong.MaxValue),
            (2, _) => Verdict.Allowed(told),
            (3, AccessKind.Execute) when answer.Address == access.Address => Verdict.Refused(ArmDifferences.Text(answer.Code, access.Kind)),
            (4, AccessKind.Read or AccessKind.Write) when answer.Address == access.Address =>
                Verdict.Refused(ArmDifferences.Text(answer.Code, access.Kind)),
            _ => Verdict.Refused($"vector {answer.Vector} status 0x{answer.Code:x} address 0x{answer.Address:x}"),
        };
    }

    protected override void PrepareTables()
    {
    }

    private static uint Immediate(uint value) => (value >> 12 << 16) | (value & 0xFFF);
}
