namespace BsdVm;

/// <summary>
/// Translates by looking into the dictionary of the <see cref="ReferencePmap"/> that is loaded. There is no table, so a walk loads none.
/// </summary>
internal sealed class ReferenceMmu(PmapCapabilities capabilities) : Mmu
{
    /// <summary>What stands for the root register.</summary>
    public ReferencePmap? Loaded { get; set; }

    /// <summary>Translates by a pmap from now on, with its tag.</summary>
    public void Load(ReferencePmap pmap)
    {
        Loaded = pmap;
        Tag = pmap.Tag;
    }

    public override bool TryWalk(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        Walks.Count(0);
        if (!TryProbe(address, access, mode, out translation, out fault))
        {
            return false;
        }

        PmapFlags used = capabilities.HardwareReferenced ? PmapFlags.Referenced : PmapFlags.None;
        used |= access == AccessKind.Write && capabilities.HardwareModified ? PmapFlags.Modified : PmapFlags.None;
        Loaded!.RecordUse(address, used);
        return true;
    }

    public override bool TryProbe(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        translation = 0;
        FaultReason reason = Judge(address, access, out PmapMapping mapping);
        fault = new(address, access, mode, reason, 0);
        if (reason != FaultReason.None)
        {
            return false;
        }

        // A page that is not modified yet must be walked again for its first store, whatever was read before.
        TlbFlags flags = TlbFlags.Valid
            | TlbFlagsExtensions.Rights(mapping.Rights, PrivilegeMode.User)
            | TlbFlagsExtensions.Rights(mapping.Rights, PrivilegeMode.Supervisor);
        bool isDirty = access == AccessKind.Write || (mapping.Flags & PmapFlags.Modified) != 0;
        translation = mapping.Frame.Address.Value | (ulong)(flags | (isDirty ? TlbFlags.Dirty : TlbFlags.None));
        fault = default;
        return true;
    }

    private FaultReason Judge(VirtualAddress address, AccessKind access, out PmapMapping mapping)
    {
        mapping = default;
        if (!IsTranslatable(address.Value))
        {
            return FaultReason.AddressRange;
        }

        if (Loaded is null || !Loaded.TryExtract(address, out mapping))
        {
            return FaultReason.NotPresent;
        }

        bool mustTrap = access == AccessKind.Write && !capabilities.HardwareModified && (mapping.Flags & PmapFlags.Modified) == 0;
        return mapping.Rights.Allows(access) && !mustTrap ? FaultReason.None : FaultReason.Protection;
    }

    // Addresses of up to 32 bits are extended by zeros, longer ones by their sign, as the machines that are modelled do.
    private bool IsTranslatable(ulong address)
    {
        int unused = 64 - capabilities.VirtualAddressBits;
        return capabilities.VirtualAddressBits <= 32
            ? address << unused >> unused == address
            : (ulong)((long)(address << unused) >> unused) == address;
    }
}
