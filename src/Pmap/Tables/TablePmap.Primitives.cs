namespace BsdVm;

/// <content>What a backend's author writes: entries of the table.</content>
public abstract partial class TablePmap
{
    /// <summary>The entry of one page, decoded. The address is page aligned.</summary>
    protected abstract bool TryFind(VirtualAddress address, out PmapMapping mapping);

    /// <summary>
    /// The first entry at or above <paramref name="from"/> and not above <paramref name="last"/>. Must skip empty tables quickly.
    /// </summary>
    protected abstract bool TryFindNext(VirtualAddress from, VirtualAddress last, out PmapMapping mapping);

    /// <summary>
    /// Makes room for an entry at the page, taking frames for tables as needed. False without any change if one is missing.
    /// </summary>
    protected abstract bool TryPrepare(VirtualAddress address);

    /// <summary>Writes an entry where there is none and <see cref="TryPrepare"/> has just made room.</summary>
    protected abstract void Install(in PmapMapping mapping);

    /// <summary>Writes an existing entry anew: same frame, other rights or flags.</summary>
    protected abstract void Rewrite(in PmapMapping mapping);

    /// <summary>Writes an existing entry anew: only the referenced and modified bits are others.</summary>
    protected virtual void RewriteBits(in PmapMapping mapping) => Rewrite(in mapping);

    /// <summary>Clears an existing entry.</summary>
    protected abstract void Clear(in PmapMapping mapping);

    /// <summary>Gives back tables that hold no entry. May keep some.</summary>
    protected abstract void ReleaseEmptyTables();

    /// <summary>
    /// Ends the mappings of each table that other pmaps use too and of which all mappings lie in a range, by leaving the table to them.
    /// </summary>
    protected virtual void LeaveSharedTables(AddressRange range)
    {
    }

    /// <summary>A page was entered, and large pages are wanted: the place to promote.</summary>
    protected virtual void Entered(VirtualAddress address)
    {
    }

    /// <summary>
    /// Bits that a new entry starts with, given the access that is about to be made. Hardware that keeps its own may start with none.
    /// </summary>
    protected virtual PmapFlags SeedBits(AccessKind? access) => PmapFlags.None;
}
