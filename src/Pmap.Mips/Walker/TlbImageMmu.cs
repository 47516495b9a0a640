namespace BsdVm.Mips;

/// <summary>
/// An R4000 whose TLB holds given entries and is never refilled: what the processor itself does with an access, before any handler.
/// Source: MIPS R4000 User's Manual, chapter 4 (address spaces, TLB).
/// </summary>
public sealed class TlbImageMmu : Mmu
{
    private const ulong NarrowLimit = 1UL << 31;
    private const ulong WideLimit = 1UL << 40;
    private const ulong CompatibilitySegments = 0xFFFF_FFFF_8000_0000;
    private const ulong MappedCompatibility = 0xFFFF_FFFF_C000_0000;
    private const ulong Comparable = (3UL << 62) | (WideLimit - 1);
    private const ulong AsidMask = 0xFF;

    private readonly TranslationRoot _root;
    private readonly bool _isWide;
    private readonly R4000Tlb _tlb;

    /// <summary>A processor with these entries.</summary>
    /// <param name="root">The entries, and in <c>mode64</c> whether Status.UX and Status.KX are set.</param>
    /// <param name="asid">The ASID in EntryHi.</param>
    /// <exception cref="ArgumentException">Two entries match one address, which an R4000 must not hold.</exception>
    public TlbImageMmu(TranslationRoot root, uint asid)
    {
        ArgumentNullException.ThrowIfNull(root);
        _root = root;
        _isWide = root.Registers.Any(static register => register.Key == "mode64" && register.Value != 0);
        Tag = asid;
        _tlb = new R4000Tlb(R4000Mmu.EntryCount, _isWide ? 40 : 31);
        for (int index = 0; index < root.Tlb.Length; index++)
        {
            Write(index, root.Tlb[index]);
        }
    }

    /// <inheritdoc/>
    public override bool TryWalk(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault) =>
        TryProbe(address, access, mode, out translation, out fault);

    /// <inheritdoc/>
    public override bool TryProbe(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        FaultReason reason = Translate(address.Value, access, mode, out translation);
        fault = reason == FaultReason.None ? default : new(address, access, mode, reason, (uint)MipsException.CodeOf(access, reason));
        return reason == FaultReason.None;
    }

    /// <summary>An entry that does not translate is another exception than none.</summary>
    public override string NameOf(in MachineFault fault) => fault.Reason switch
    {
        FaultReason.AddressRange => "address-error",
        FaultReason.Protection => "modified",
        _ => TryFind(fault.Address.Value, out _) ? "invalid" : "refill",
    };

    private FaultReason Translate(ulong address, AccessKind access, PrivilegeMode mode, out ulong translation)
    {
        translation = 0;
        if (mode == PrivilegeMode.Supervisor && TryUnmapped(address, out ulong physical))
        {
            translation = physical & TlbFlagsExtensions.PageMask;
            return FaultReason.None;
        }

        if (!IsMapped(address, mode))
        {
            return FaultReason.AddressRange;
        }

        if (address < (_isWide ? WideLimit : NarrowLimit))
        {
            return TranslateByTlb(address, access, out translation);
        }

        if (!TryFind(address, out TlbEntryImage entry))
        {
            return FaultReason.NotPresent;
        }

        // A page mask has a bit for each address bit that the pair's size adds to 13.
        ulong pageBytes = ((entry.PageMask | 0x1FFF) + 1) >> 1;
        ulong lo = (address & pageBytes) == 0 ? entry.EntryLo0 : entry.EntryLo1;
        if ((lo & MipsPte.Valid) == 0)
        {
            return FaultReason.NotPresent;
        }

        if (access == AccessKind.Write && (lo & MipsPte.Dirty) == 0)
        {
            return FaultReason.Protection;
        }

        translation = (MipsPte.Frame(lo).Address.Value & ~(pageBytes - 1)) | (address & (pageBytes - 1) & TlbFlagsExtensions.PageMask);
        return FaultReason.None;
    }

    // The user segment is the part that the machine's own TLB translates.
    private FaultReason TranslateByTlb(ulong address, AccessKind access, out ulong translation)
    {
        R4000Outcome outcome = _tlb.Translate(address, access == AccessKind.Write, Tag, out ulong physical);
        translation = outcome == R4000Outcome.Hit ? physical & TlbFlagsExtensions.PageMask : 0;
        return outcome switch
        {
            R4000Outcome.Hit => FaultReason.None,
            R4000Outcome.Modified => FaultReason.Protection,
            R4000Outcome.AddressError => FaultReason.AddressRange,
            _ => FaultReason.NotPresent,
        };
    }

    private void Write(int index, in TlbEntryImage entry)
    {
        _tlb.Index = (uint)index;
        _tlb.PageMask = entry.PageMask;
        _tlb.EntryHi = entry.EntryHi;
        _tlb.EntryLo0 = entry.EntryLo0;
        _tlb.EntryLo1 = entry.EntryLo1;
        if (!_tlb.TryWriteIndexed())
        {
            throw new ArgumentException($"Entry {index} matches an address that another one matches.");
        }
    }

    // kseg0 and kseg1, and with 64-bit addresses xkphys.
    private bool TryUnmapped(ulong address, out ulong physical)
    {
        bool isCompatible = address is >= CompatibilitySegments and < MappedCompatibility;
        physical = address & (isCompatible ? 0x1FFF_FFFFUL : (1UL << MipsPte.PhysicalAddressBits) - 1);
        return isCompatible || (_isWide && address >> 62 == 2 && (address & ~(0x1FUL << 59)) == physical);
    }

    private bool IsMapped(ulong address, PrivilegeMode mode)
    {
        if (address < (_isWide ? WideLimit : NarrowLimit))
        {
            return true;
        }

        ulong inRegion = address & ((1UL << 62) - 1);
        return mode == PrivilegeMode.Supervisor && (address >= MappedCompatibility || (_isWide && (address >> 62) switch
        {
            1 => inRegion < WideLimit,
            3 => inRegion < WideLimit - NarrowLimit,
            _ => false,
        }));
    }

    private bool TryFind(ulong address, out TlbEntryImage found)
    {
        foreach (TlbEntryImage entry in _root.Tlb)
        {
            bool isGlobal = (entry.EntryLo0 & entry.EntryLo1 & MipsPte.Global) != 0;
            if (((entry.EntryHi ^ address) & Comparable & ~(entry.PageMask | 0x1FFF)) == 0 && (isGlobal || (entry.EntryHi & AsidMask) == Tag))
            {
                found = entry;
                return true;
            }
        }

        found = default;
        return false;
    }
}
