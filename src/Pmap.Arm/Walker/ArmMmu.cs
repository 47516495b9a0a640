using System.Runtime.CompilerServices;

namespace BsdVm.Arm;

/// <summary>
/// The translation unit of an ARMv7-A processor with short descriptors: registers and the walk. It reads descriptors from physical memory,
/// writes none, and caches none. After a change of a register other than TTBR0 and ASID the kernel flushes what the TLBs hold, as on the
/// machine. Source: ARM DDI 0406C, B3.5 (tables), B3.7 (rights), B3.12 and B3.13 (faults).
/// </summary>
public sealed partial class ArmMmu : Mmu
{
    private readonly PhysicalMemory _memory;
    private ArmRegisters _registers = new();
    private ArmRights _rights;

    // The table of TTBR0, and the addresses below which a walk may use it.
    private ulong _lowerTable;
    private ulong _lowerEnd;

    /// <summary>A translation unit on a memory bus.</summary>
    public ArmMmu(PhysicalMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _memory = memory;
        _rights = new(_registers);
        Derive();
    }

    /// <summary>All registers.</summary>
    public ArmRegisters Registers
    {
        get => _registers;
        set
        {
            _registers = value;
            _rights = new(value);
            Derive();
        }
    }

    /// <summary>TTBR0 and ASID, as a switch of address spaces loads them; walks by TTBR0 are on afterwards. Nothing is flushed.</summary>
    public void SwitchTo(uint ttbr0, byte asid)
    {
        _registers = _registers with { Ttbr0 = ttbr0, Asid = asid, Ttbcr = _registers.Ttbcr & ~ArmRegisters.Pd0Bit };
        Derive();
    }

    /// <summary>
    /// Walks no more by TTBR0 (TTBCR.PD0=1) if its table is the one that starts at <paramref name="table"/>: that is about to go.
    /// </summary>
    public void StopWalks(PhysicalAddress table)
    {
        if (_registers.LowerTable == table.Value)
        {
            _registers = _registers with { Ttbcr = _registers.Ttbcr | ArmRegisters.Pd0Bit };
            Derive();
        }
    }

    /// <inheritdoc/>
    public override bool TryWalk(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        if (TryWalkQuickly(address.Value, (ulong)TlbFlagsExtensions.Needed(access, mode), out translation))
        {
            Walks.Count(2);
            LastPageShift = PageSize.Base.Shift;
            fault = default;
            return true;
        }

        return TryWalkCarefully(address, access, mode, isReal: true, out translation, out fault);
    }

    /// <inheritdoc/>
    public override bool TryProbe(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault) =>
        TryWalkCarefully(address, access, mode, isReal: false, out translation, out fault);

    /// <inheritdoc/>
    public override string NameOf(in MachineFault fault) => fault.Reason == FaultReason.AddressRange
        ? base.NameOf(fault)
        : ArmFaultCode.Name(ArmFaultCode.Status(fault.Code)).Replace(' ', '-');

    // A walk by TTBR0 to a small page that is allowed. A bus without memory reads as all ones: that is looked at carefully.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWalkQuickly(ulong address, ulong needed, out ulong translation)
    {
        if (address < _lowerEnd)
        {
            uint first = _memory.Read32(new(_lowerTable + ((address >> 18) & ~3UL)));
            if ((first & 3) == 1)
            {
                uint second = _memory.Read32(new((first & ~0x3FFUL) + ((address >> 10) & 0x3FC)));
                ulong flags = _rights.OfSmallPage(first, second);
                translation = (second & ~0xFFFUL) | flags | GlobalFlag((second >> 11 & 1) != 0);
                return (second & 2) != 0 && (needed & ~flags) == 0 && second != uint.MaxValue;
            }
        }

        translation = 0;
        return false;
    }

    private bool TryWalkCarefully(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, bool isReal, out ulong translation, out MachineFault fault)
    {
        translation = 0;
        if (address.Value > uint.MaxValue)
        {
            fault = new(address, access, mode, FaultReason.AddressRange, 0);
            return false;
        }

        ArmPath path = Follow(address.Value);
        if (isReal)
        {
            Walks.Count(path.Count);
        }

        ArmFaultStatus status = Judge(path, access, mode, out ulong flags);
        if (status != ArmFaultStatus.None)
        {
            fault = new(address, access, mode, ReasonOf(status), ArmFaultCode.Encode(status, path.Domain, access));
            return false;
        }

        if (isReal)
        {
            LastPageShift = path.Leaf.PageShift;
        }

        ulong inside = PageSize.Base.RoundDown(new PageSize(path.Leaf.PageShift).OffsetIn(address.Value));
        translation = path.Leaf.Base | inside | flags;
        fault = default;
        return true;
    }

    // Reads descriptors until one maps memory or cannot be used.
    private ArmPath Follow(ulong address)
    {
        var path = default(ArmPath);
        bool isLower = address < _registers.Split;
        if (isLower ? _registers.Pd0 : _registers.Pd1)
        {
            path.Stop = ArmFaultStatus.TranslationFirst;
            return path;
        }

        path.FirstTable = isLower ? _registers.LowerTable : _registers.UpperTable;
        path.FirstAt = path.FirstTable + (address >> 20 << 2);
        if (!_memory.Contains(new(path.FirstAt)))
        {
            path.Stop = ArmFaultStatus.ExternalAbortFirst;
            return path;
        }

        path.First = _memory.Read32(new(path.FirstAt));
        path.Count = 1;
        ArmDescriptor first = ArmDescriptor.DecodeFirst(path.First);
        path.Domain = first.Domain;
        path.PrivilegedExecuteNever = first.PrivilegedExecuteNever;
        switch (first.Kind)
        {
            case ArmDescriptorKind.Fault:
                path.Stop = ArmFaultStatus.TranslationFirst;
                break;
            case ArmDescriptorKind.Table:
                FollowSecond(ref path, first.Base + ((address >> 12 & 255) << 2));
                break;
            default:
                path.Leaf = first;
                break;
        }

        return path;
    }

    private void FollowSecond(ref ArmPath path, ulong at)
    {
        path.SecondAt = at;
        if (!_memory.Contains(new(at)))
        {
            path.Stop = ArmFaultStatus.ExternalAbortSecond;
            return;
        }

        path.Second = _memory.Read32(new(at));
        path.Count = 2;
        path.Leaf = ArmDescriptor.DecodeSecond(path.Second);
        path.Stop = path.Leaf.Kind == ArmDescriptorKind.Fault ? ArmFaultStatus.TranslationSecond : ArmFaultStatus.None;
    }

    // The order is the manual's: translation, access flag, domain, permission.
    private ArmFaultStatus Judge(in ArmPath path, AccessKind access, PrivilegeMode mode, out ulong flags)
    {
        flags = 0;
        if (path.Stop != ArmFaultStatus.None)
        {
            return path.Stop;
        }

        bool isFirst = path.Count == 1;
        ArmAttributes attributes = path.Leaf.Attributes;
        if (_registers.Afe && (attributes.AccessPermissions & 1) == 0)
        {
            return isFirst ? ArmFaultStatus.AccessFlagFirst : ArmFaultStatus.AccessFlagSecond;
        }

        if ((_registers.Dacr >> (2 * path.Domain) & 1) == 0)
        {
            return isFirst ? ArmFaultStatus.DomainFirst : ArmFaultStatus.DomainSecond;
        }

        flags = _rights.Of(attributes, path.PrivilegedExecuteNever, path.Domain) | GlobalFlag(attributes.NotGlobal);
        bool isAllowed = (flags & (ulong)TlbFlagsExtensions.Rights(access.Right(), mode)) != 0;
        return isAllowed ? ArmFaultStatus.None : isFirst ? ArmFaultStatus.PermissionFirst : ArmFaultStatus.PermissionSecond;
    }

    // A translation that must not be used stands for the reason that all machines know; that one exists says Protection.
    private static FaultReason ReasonOf(ArmFaultStatus status) => status
        is ArmFaultStatus.TranslationFirst or ArmFaultStatus.TranslationSecond
        or ArmFaultStatus.ExternalAbortFirst or ArmFaultStatus.ExternalAbortSecond
        ? FaultReason.NotPresent : FaultReason.Protection;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong GlobalFlag(bool isNotGlobal) => isNotGlobal ? 0 : (ulong)TlbFlags.Global;

    private void Derive()
    {
        _lowerTable = _registers.LowerTable;
        _lowerEnd = _registers.Pd0 ? 0 : _registers.Split;
        Tag = _registers.Asid;
    }
}
