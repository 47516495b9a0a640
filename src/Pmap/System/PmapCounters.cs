namespace BsdVm;

/// <summary>Events of all pmaps of a machine.</summary>
public sealed class PmapCounters
{
    /// <summary>New mappings made.</summary>
    public long Enters { get; internal set; }

    /// <summary>Mappings ended.</summary>
    public long Removes { get; internal set; }

    /// <summary>Mappings whose rights changed in place.</summary>
    public long Changes { get; internal set; }

    /// <summary>Loads and stores of table entries by the pmaps themselves, not by walks of the hardware.</summary>
    public long TableReferences { get; set; }

    /// <summary>What entering cost.</summary>
    public PmapOperationCost Enter { get; } = new();

    /// <summary>What removing ranges cost.</summary>
    public PmapOperationCost Remove { get; } = new();

    /// <summary>What lowering rights of ranges cost.</summary>
    public PmapOperationCost Protect { get; } = new();

    /// <summary>Invalidations that backends owed, page by page.</summary>
    public long OwedInvalidations { get; internal set; }

    /// <summary>Page or range invalidations delivered to processors.</summary>
    public long Invalidations { get; internal set; }

    /// <summary>Frames filled with zeros.</summary>
    public long ZeroedPages { get; internal set; }

    /// <summary>Frames copied.</summary>
    public long CopiedPages { get; internal set; }

    /// <summary>Loads of a root register.</summary>
    public long Activations { get; internal set; }

    /// <summary>How often the address-space tags ran out, and all TLBs were flushed for it.</summary>
    public long TagGenerations { get; internal set; }

    /// <summary>Table frames in use by all pmaps.</summary>
    public long TableFrames { get; private set; }

    /// <summary>Bytes of nodes, entries and heads in use in the tables of all pmaps.</summary>
    public long TableBytes { get; private set; }

    /// <summary>
    /// Bytes that sharing tables saves now: each table's size, for every pmap that uses it but one. The tables of all pmaps, added up, are
    /// <see cref="TableBytes"/> and this.
    /// </summary>
    public long SharedTableBytes { get; private set; }

    /// <summary>How often a pmap took a copy of a table that it had shared, because it changed something there.</summary>
    public long UnsharedTables { get; internal set; }

    /// <summary>Tables of pages that became one large page.</summary>
    public long Promotions { get; internal set; }

    /// <summary>Large pages that became tables of pages again.</summary>
    public long Demotions { get; internal set; }

    /// <summary>A backend took (or, negative, gave back) table frames.</summary>
    public void AddTableFrames(int count) => TableFrames += count;

    /// <summary>A backend began (or, negative, ceased) to use bytes of its table frames for nodes, entries or heads.</summary>
    public void AddTableBytes(long bytes) => TableBytes += bytes;

    internal void AddSharedTableBytes(long bytes) => SharedTableBytes += bytes;
}
