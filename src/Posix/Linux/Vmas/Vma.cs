namespace BsdVm.Posix;

/// <summary>One mapping as Linux keeps it. Source: <c>struct vm_area_struct</c>.</summary>
internal record struct Vma
{
    /// <summary>The first address, page aligned.</summary>
    public ulong Start;

    /// <summary>The first address behind it, page aligned.</summary>
    public ulong End;

    /// <summary>
    /// Pages from the object's first byte to <see cref="Start"/>. Private anonymous memory: the page number of the address at which it was
    /// mapped, which it keeps when it is moved after a write.
    /// </summary>
    public ulong PageOffset;

    /// <summary>The open file or the shared anonymous object; null for private anonymous memory. Compared by reference.</summary>
    public object? Object;

    /// <summary>Null before the first write attempt, and always for shared mappings.</summary>
    public AnonVma? AnonVma;

    /// <summary>The rights.</summary>
    public Protection Protection;

    /// <summary>What is not printed.</summary>
    public VmaFlags Flags;

    /// <summary>MAP_SHARED.</summary>
    public bool IsShared;

    /// <summary>The addresses.</summary>
    public readonly AddressRange Range => new(new(Start), End - Start);

    /// <summary>Private memory without a file.</summary>
    public readonly bool IsPrivateAnonymous => Object is null;

    /// <summary>Whether a flag is set.</summary>
    public readonly bool Has(VmaFlags flag) => (Flags & flag) != 0;

    /// <summary>The page offset of an address in the mapping, or of its end.</summary>
    public readonly ulong PageOffsetOf(ulong address) => unchecked(PageOffset + ((address - Start) / PageSize.BaseBytes));

    /// <summary>The part from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public readonly Vma Part(ulong from, ulong to) => this with { Start = from, End = to, PageOffset = PageOffsetOf(from) };

    /// <summary>
    /// The hidden flags after mprotect to <paramref name="rights"/>: private memory counts once it is writable, and stops to count only
    /// when nobody wrote it. Source: <c>mprotect_fixup</c>.
    /// </summary>
    public readonly VmaFlags FlagsWith(Protection rights)
    {
        if (rights.Allows(Protection.Write))
        {
            return IsShared ? Flags : Flags | VmaFlags.Account;
        }

        return IsPrivateAnonymous && AnonVma is null ? Flags & ~VmaFlags.Account : Flags;
    }
}
