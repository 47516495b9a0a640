namespace BsdVm;

/// <summary>Events of the machine-independent layer. Source: 4.4BSD <c>struct vmmeter</c>.</summary>
public sealed class VmCounters
{
    /// <summary>Faults that ended in a fresh page of zeros.</summary>
    public long ZeroFill { get; internal set; }

    /// <summary>Faults that mapped the shared page of zeros.</summary>
    public long ReadZero { get; internal set; }

    /// <summary>Faults that copied a page.</summary>
    public long CopyOnWrite { get; internal set; }

    /// <summary>Faults that found the page resident and mapped it (again, or with more rights).</summary>
    public long Reuse { get; internal set; }

    /// <summary>Faults that waited for a pager.</summary>
    public long PageIn { get; internal set; }

    /// <summary>Faults refused for want of rights.</summary>
    public long Protection { get; internal set; }

    /// <summary>Faults where nothing is mapped, or behind the end of the object.</summary>
    public long Unmapped { get; internal set; }

    /// <summary>Faults refused for other reasons: no frame, a pager's error.</summary>
    public long Other { get; internal set; }

    /// <summary>Objects merged into their sole shadower.</summary>
    public long Collapses { get; internal set; }

    /// <summary>Objects taken out of a chain that others still use.</summary>
    public long Bypasses { get; internal set; }

    /// <summary>Pages written to a pager.</summary>
    public long PageOut { get; internal set; }

    /// <summary>The most objects that one fault searched.</summary>
    public long LongestChain { get; internal set; }

    /// <summary>Pages copied at fork because they were wired, shared, or the fork was eager.</summary>
    public long ForkCopies { get; internal set; }

    /// <summary>All faults.</summary>
    public long Faults => ZeroFill + ReadZero + CopyOnWrite + Reuse + PageIn + Protection + Unmapped + Other;
}
