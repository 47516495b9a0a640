namespace BsdVm;

/// <summary>The walker of <see cref="ReferenceBackend"/>: one look into the loaded pmap's dictionary, without a memory reference.</summary>
public sealed class ReferenceMmu : Mmu
{
    private readonly ulong _limit;

    internal ReferenceMmu(ulong limit) => _limit = limit;

    /// <summary>The pmap that is loaded.</summary>
    internal ReferencePmap? Loaded { get; set; }

    /// <inheritdoc/>
    public override bool TryWalk(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault)
    {
        Walks.Count(0);
        return TryTranslate(address, access, mode, isReal: true, out translation, out fault);
    }

    /// <inheritdoc/>
    public override bool TryProbe(VirtualAddress address, AccessKind access, PrivilegeMode mode, out ulong translation, out MachineFault fault) =>
        TryTranslate(address, access, mode, isReal: false, out translation, out fault);

    private bool TryTranslate(
        VirtualAddress address, AccessKind access, PrivilegeMode mode, bool isReal, out ulong translation, out MachineFault fault)
    {
        translation = 0;
        FaultReason reason = FaultReason.NotPresent;
        if (address.Value >= _limit)
        {
            reason = FaultReason.AddressRange;
        }
        else if (Loaded is not null && Loaded.TryExtract(address, out PmapMapping mapping))
        {
            if (mapping.Rights.Allows(access))
            {
                bool isDirty = access == AccessKind.Write || (mapping.Flags & PmapFlags.Modified) != 0;
                if (isReal)
                {
                    Loaded.NoteUse(mapping.Address, access);
                }

                translation = mapping.Frame.Address.Value | (ulong)(TlbFlags.Valid
                    | TlbFlagsExtensions.Rights(mapping.Rights, PrivilegeMode.User)
                    | TlbFlagsExtensions.Rights(mapping.Rights, PrivilegeMode.Supervisor)
                    | (isDirty ? TlbFlags.Dirty : 0));
                fault = default;
                return true;
            }

            reason = FaultReason.Protection;
        }

        fault = new MachineFault(address, access, mode, reason, 0);
        return false;
    }
}
