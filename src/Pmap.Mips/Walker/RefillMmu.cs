using BsdVm.Structures;
using BsdVm.Walks;

namespace BsdVm.Mips;

/// <summary>The R4000 with the refill handler of one table structure.</summary>
internal sealed class RefillMmu<TWalk>(PhysicalMemory memory, int addressBits) : R4000Mmu(memory, addressBits)
    where TWalk : struct, ITableWalk
{
    private const uint XtlbRefillVector = 0x8000_0080;
    private const uint GeneralVector = 0x8000_0180;

    private readonly WalkTrail _trail = new();

    public override bool TryWalk(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        _trail.Begin();
        R4000Outcome outcome = Look(address, access, out translation);
        if (outcome == R4000Outcome.Hit)
        {
            Counters.Hits++;
        }
        else if (outcome != R4000Outcome.AddressError)
        {
            outcome = Handle(outcome, address, access, out translation);
        }

        Walks.Count(_trail.Cost(TWalk.SharesLines));
        fault = outcome == R4000Outcome.Hit ? default : Raise(outcome, address, access, mode);
        return outcome == R4000Outcome.Hit;
    }

    public override bool TryProbe(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        R4000Outcome outcome = Look(address, access, out translation);
        if (outcome is not R4000Outcome.Hit and not R4000Outcome.AddressError)
        {
            var port = new ProbePort(Memory);
            TableRegisters registers = Registers;
            bool found = IsLoaded & TWalk.TryWalk(ref port, in registers, address, out ulong entry, out _);
            outcome = Judge(found ? entry : 0, access, outcome, out translation);
        }

        fault = outcome == R4000Outcome.Hit ? default : Refuse(address, access, mode, ReasonOf(outcome));
        return outcome == R4000Outcome.Hit;
    }

    private static FaultReason ReasonOf(R4000Outcome outcome) => outcome switch
    {
        R4000Outcome.AddressError => FaultReason.AddressRange,
        R4000Outcome.Modified => FaultReason.Protection,
        _ => FaultReason.NotPresent,
    };

    // What an entry of the table allows; without a page the exception stays what it was, or becomes Invalid.
    private static R4000Outcome Judge(ulong entry, AccessKind access, R4000Outcome before, out ulong translation)
    {
        translation = 0;
        if ((entry & TablePte.Valid) == 0)
        {
            return before == R4000Outcome.Refill ? before : R4000Outcome.Invalid;
        }

        if (access == AccessKind.Write && (entry & TablePte.Dirty) == 0)
        {
            return R4000Outcome.Modified;
        }

        translation = TranslationOf(entry & MipsPte.EntryLoMask);
        return R4000Outcome.Hit;
    }

    private R4000Outcome Look(VirtualAddress address, AccessKind access, out ulong translation)
    {
        R4000Outcome outcome = Tlb.Translate(address.Value, access == AccessKind.Write, Tag, out ulong physical);
        translation = 0;
        if (outcome == R4000Outcome.Hit)
        {
            ulong half = R4000Tlb.HalfOf(in Tlb.Entry(Tlb.Find(address.Value, Tag)), address.Value);
            translation = (physical & TlbFlagsExtensions.PageMask) | (TranslationOf(half) & ~TlbFlagsExtensions.PageMask);
        }

        return outcome;
    }

    // The handler of an exception: a walk, and the pair goes into the TLB if the page is there. A page that may not be stored to yet goes in
    // too, and the store then takes its Modified exception.
    private R4000Outcome Handle(R4000Outcome exception, VirtualAddress address, AccessKind access, out ulong translation)
    {
        Tlb.Note(address.Value);
        Count(exception);
        TableRegisters registers = Registers;
        var port = new RefillPort(Memory, _trail, this);
        port.Execute(HandlerInstructions);
        translation = 0;
        if (!IsLoaded || !TWalk.TryWalk(ref port, in registers, address, out ulong entry, out PhysicalAddress at) || (entry & TablePte.Valid) == 0)
        {
            return exception == R4000Outcome.Refill ? exception : R4000Outcome.Invalid;
        }

        ulong other = Buddy(ref port, in registers, address, at);
        bool isOdd = (address.Page.Value & 1) != 0;
        WritePair(address.Value, isOdd ? other : entry, isOdd ? entry : other);
        R4000Outcome outcome = Judge(entry, access, exception, out translation);
        if (outcome == R4000Outcome.Modified && exception != R4000Outcome.Modified)
        {
            Tlb.Note(address.Value);
            Count(outcome);
        }

        return outcome;
    }

    private static ulong Buddy(ref RefillPort port, in TableRegisters registers, VirtualAddress address, PhysicalAddress at)
    {
        if (TWalk.HoldsPairs)
        {
            return port.ReadBeside64(new(at.Value ^ 8), at);
        }

        var other = new VirtualAddress(address.Value ^ PageSize.BaseBytes);
        return TWalk.TryWalk(ref port, in registers, other, out ulong entry, out _) ? entry : 0;
    }

    private void Count(R4000Outcome exception)
    {
        LastVector = exception == R4000Outcome.Refill ? XtlbRefillVector : GeneralVector;
        switch (exception)
        {
            case R4000Outcome.Refill:
                Counters.Refills++;
                break;
            case R4000Outcome.Invalid:
                Counters.Invalids++;
                break;
            default:
                Counters.Modifieds++;
                break;
        }
    }

    private MachineFault Raise(R4000Outcome outcome, VirtualAddress address, AccessKind access, PrivilegeMode mode)
    {
        Counters.Faults++;
        if (outcome == R4000Outcome.AddressError)
        {
            Counters.AddressErrors++;
            LastVector = GeneralVector;
            Tlb.Note(address.Value);
        }

        return Refuse(address, access, mode, ReasonOf(outcome));
    }
}
