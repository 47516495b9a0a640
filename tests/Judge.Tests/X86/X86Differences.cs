using BsdVm.X86;

namespace BsdVm.Judge;

/// <summary>
/// What QEMU does otherwise on x86. (1) A reserved-bit fault has P=0 in the error code, where the manual has P=1. (2) A walk that ends in a
/// fault has set A in the entries above the one that faults; the manual leaves open whether it does, and we do not. (3) With PAE, walks
/// read PDPTEs and set A in them; a processor has them in registers, and the bit is reserved. Source: Intel SDM volume 3, page-fault error
/// code; accessed and dirty flags; PDPTE registers.
/// </summary>
internal sealed class X86Differences(string architecture, X86Registers registers) : KnownDifferences
{
    private const ulong WideAccessed = 0x20;
    private const ulong NarrowAccessed = 0x0000_0020_0000_0020;

    public override string Describe(in MachineFault fault)
    {
        if (fault.Reason == FaultReason.AddressRange)
        {
            return "#GP";
        }

        var code = (X86ErrorCode)fault.Code;
        bool isReserved = (code & X86ErrorCode.ReservedBit) != 0;
        return $"#PF 0x{(uint)(isReserved ? code & ~X86ErrorCode.Present : code):x}";
    }

    public override bool Excuses(ulong offset, ulong ours, ulong theirs, bool afterFaults)
    {
        ulong accessed = architecture == "ia32" ? NarrowAccessed : WideAccessed;
        bool isPointer = architecture == "pae" && offset < 32;
        return (afterFaults || isPointer) && (theirs | accessed) == (ours | accessed) && (theirs & ours) == ours;
    }

    public override string ToString() => $"{architecture} {registers}";
}
