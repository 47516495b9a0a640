using System.Runtime.CompilerServices;

namespace BsdVm.Arm;

/// <summary>
/// What the pmap keeps in a small page descriptor. The machine sets no bit of its own, so software keeps all of them, in bits that it may
/// have with TEX remap (SCTLR.TRE=1): TEX[2:1] are software's outright; S is, as PRRR.NS0=NS1; B is, as memory types 2 and 3 are made the
/// same in PRRR and NMRR (normal memory, write-back, write-allocate).
/// AP[2] is clear only in pages that are writable and modified already: the first store faults, and is recorded so. With SCTLR.AFE=1, AP[0]
/// is the access flag: it is clear only after a referenced bit was cleared, and the fault of the next use is what sets that again.
/// Source: ARM DDI 0406C, B3.8.3 (TEX remap); FreeBSD <c>arm/pte-v6.h</c>, which keeps its bits there too. Linux, which supports processors
/// without TEX remap, keeps a second table of its own beside each of the hardware's instead.
/// </summary>
internal static class ArmLeaf
{
    public const uint SmallPage = 1 << 1;

    private const uint ExecuteNever = 1 << 0;
    private const uint Referenced = 1 << 2;
    private const uint Cacheable = 1 << 3;
    private const uint AccessFlag = 1 << 4;
    private const uint User = 1 << 5;
    private const uint MayWrite = 1 << 7;
    private const uint Modified = 1 << 8;
    private const uint ReadOnly = 1 << 9;
    private const uint Wired = 1 << 10;
    private const uint NotGlobal = 1 << 11;
    private const uint Always = SmallPage | User | NotGlobal | Cacheable;

    /// <summary>A new entry: its first use is nobody's business.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Encode(PageFrameNumber frame, Protection rights, PmapFlags flags) => EncodeArmed(frame, rights, flags) | AccessFlag;

    /// <summary>
    /// An entry that takes another's place: where a referenced bit goes, the access flag goes with it, until it comes back.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint EncodeAnew(uint old, PageFrameNumber frame, Protection rights, PmapFlags flags)
    {
        bool isWatched = (flags & PmapFlags.Referenced) == 0 && (old & (Referenced | AccessFlag)) != AccessFlag;
        uint entry = EncodeArmed(frame, rights, flags);
        return isWatched ? entry : entry | AccessFlag;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EncodeArmed(PageFrameNumber frame, Protection rights, PmapFlags flags)
    {
        uint entry = (uint)frame.Address.Value | Always | ReadOnly;
        entry |= (rights & Protection.Execute) != 0 ? 0 : ExecuteNever;
        entry |= (rights & Protection.Write) != 0 ? MayWrite : 0;
        entry |= (flags & PmapFlags.Wired) != 0 ? Wired : 0;
        entry |= (flags & PmapFlags.Referenced) != 0 ? Referenced : 0;
        entry |= (flags & PmapFlags.Modified) != 0 ? Modified : 0;
        return (entry & (MayWrite | Modified)) == (MayWrite | Modified) ? entry & ~ReadOnly : entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PmapMapping Decode(VirtualAddress address, uint entry)
    {
        Protection rights = (entry & MayWrite) != 0 ? Protection.ReadWrite : Protection.Read;
        rights |= (entry & ExecuteNever) != 0 ? Protection.None : Protection.Execute;
        PmapFlags flags = (entry & Wired) != 0 ? PmapFlags.Wired : PmapFlags.None;
        flags |= (entry & Referenced) != 0 ? PmapFlags.Referenced : PmapFlags.None;
        flags |= (entry & Modified) != 0 ? PmapFlags.Modified : PmapFlags.None;
        return new(address, new(entry >> PageSize.Base.Shift), rights, flags);
    }

    /// <summary>
    /// The attributes of a section, supersection or large page: nobody follows its use, so it starts as used and, if it may be, modified.
    /// </summary>
    public static ArmAttributes LargeAttributes(Protection rights) => new()
    {
        AccessPermissions = rights.Allows(Protection.Write) ? 0b011 : 0b111,
        Cacheable = true,
        NotGlobal = true,
        ExecuteNever = !rights.Allows(Protection.Execute),
    };

    /// <summary>The rights of such an entry.</summary>
    public static Protection LargeRights(in ArmAttributes attributes) =>
        ((attributes.AccessPermissions & 4) == 0 ? Protection.ReadWrite : Protection.Read)
        | (attributes.ExecuteNever ? Protection.None : Protection.Execute);
}
