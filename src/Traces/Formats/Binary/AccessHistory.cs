namespace BsdVm.Traces;

/// <summary>
/// What encoder and decoder both remember of the accesses so far, to predict the next one. A mutable structure: the decoder keeps the
/// scalars in registers while it works on a block.
/// </summary>
internal struct AccessHistory
{
    /// <summary>
    /// Slots of <see cref="ByInstruction"/>: enough for the inner loops of real programs, few enough for a first-level cache.
    /// </summary>
    public const int SlotMask = 4095;

    /// <summary>
    /// The data address that the instruction at a slot accessed the time before; the slot is the low part of its address.
    /// </summary>
    public readonly ulong[] ByInstruction = new ulong[SlotMask + 1];

    /// <summary>Where the next fetch is if there is no jump.</summary>
    public ulong NextFetch;

    /// <summary>The data access before.</summary>
    public ulong Last;

    /// <summary>The last data access in the region that was left last: the stack while the heap is accessed, for instance.</summary>
    public ulong Other;

    /// <summary>The slot of the next data access.</summary>
    public int Slot;

    public AccessHistory()
    {
    }
}
