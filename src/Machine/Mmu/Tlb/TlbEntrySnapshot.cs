namespace BsdVm.Snapshots;

/// <summary>One entry of a TLB as it stood when the snapshot was taken.</summary>
/// <param name="Address">The first virtual address of its page.</param>
/// <param name="Size">The size of its page.</param>
/// <param name="Tag">The address-space tag it was filled under; 0 for a global translation, which matches under any tag.</param>
/// <param name="Physical">The physical address of the page's first byte.</param>
/// <param name="User">The rights of user accesses.</param>
/// <param name="Supervisor">The rights of supervisor accesses.</param>
/// <param name="IsModified">The tables already say modified: a store needs no new walk.</param>
/// <param name="IsGlobal">It survives a change of address space.</param>
public readonly record struct TlbEntrySnapshot(
    VirtualAddress Address,
    PageSize Size,
    uint Tag,
    PhysicalAddress Physical,
    Protection User,
    Protection Supervisor,
    bool IsModified,
    bool IsGlobal)
{
    internal static TlbEntrySnapshot Of(VirtualAddress address, PageSize size, uint tag, ulong translation)
    {
        var flags = (TlbFlags)translation;
        return new(
            address, size, tag, new(translation & TlbFlagsExtensions.PageMask),
            RightsOf(flags, PrivilegeMode.User), RightsOf(flags, PrivilegeMode.Supervisor),
            (flags & TlbFlags.Dirty) != 0, (flags & TlbFlags.Global) != 0);
    }

    private static Protection RightsOf(TlbFlags flags, PrivilegeMode mode)
    {
        Protection rights = Protection.None;
        foreach (Protection right in (ReadOnlySpan<Protection>)[Protection.Read, Protection.Write, Protection.Execute])
        {
            rights |= (flags & TlbFlagsExtensions.Rights(right, mode)) != 0 ? right : Protection.None;
        }

        return rights;
    }
}
