namespace BsdVm.Mips;

/// <summary>Events of a TLB that software fills.</summary>
public sealed class RefillCounters
{
    /// <summary>Translations that the joint TLB had.</summary>
    public long Hits { get; internal set; }

    /// <summary>Runs of the refill handler (TLB Refill exceptions of the user segment).</summary>
    public long Refills { get; internal set; }

    /// <summary>Misses of the refill handler itself, on a table in virtual space.</summary>
    public long NestedMisses { get; internal set; }

    /// <summary>TLB Invalid exceptions: a pair was there, and the page of it was not.</summary>
    public long Invalids { get; internal set; }

    /// <summary>TLB Modified exceptions.</summary>
    public long Modifieds { get; internal set; }

    /// <summary>Address Error exceptions.</summary>
    public long AddressErrors { get; internal set; }

    /// <summary>Exceptions that went on to the kernel's page-fault code.</summary>
    public long Faults { get; internal set; }
}
