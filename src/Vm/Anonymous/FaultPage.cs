namespace BsdVm;

/// <summary>Which layer of a mapping has the page that an access sees.</summary>
public enum PageLayer : byte
{
    /// <summary>None: it is zeros.</summary>
    None,

    /// <summary>The upper layer, and nobody else's: it may be written in place.</summary>
    Upper,

    /// <summary>The upper layer, but others see the page too: a private write copies it.</summary>
    UpperShared,

    /// <summary>The lower object: a private write copies it.</summary>
    Lower,
}

/// <summary>Where the page is at this moment.</summary>
public enum PageWhere : byte
{
    /// <summary>Nowhere: no layer has it.</summary>
    Nowhere,

    /// <summary>In <see cref="FaultPage.Frame"/>.</summary>
    Resident,

    /// <summary>In <see cref="FaultPage.Frame"/>, which a transfer uses: wait.</summary>
    Busy,

    /// <summary>With a pager.</summary>
    Stored,

    /// <summary>Behind the end of the lower object.</summary>
    OutOfRange,
}

/// <summary>What the search for a page found.</summary>
public struct FaultPage
{
    /// <summary>Whose it is.</summary>
    public PageLayer Layer { get; set; }

    /// <summary>Where it is.</summary>
    public PageWhere Where { get; set; }

    /// <summary>The frame, where it has one.</summary>
    public PageFrameNumber Frame { get; set; }

    /// <summary>The object that has it, or null for an anon's.</summary>
    public VmObject? Object { get; set; }

    /// <summary>The page's index in <see cref="Object"/>, or in the pager of anons.</summary>
    public ulong Index { get; set; }

    /// <summary>The anon that has it, or 0.</summary>
    public int Anon { get; set; }

    /// <summary>Who brings it in, where it is stored.</summary>
    public Pager? Pager { get; set; }

    /// <summary>Objects searched.</summary>
    public int Depth { get; set; }
}
