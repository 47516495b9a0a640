namespace BsdVm;

/// <summary>Which way of a full set gives way to a new translation. In all of them an invalid way is taken first.</summary>
public enum TlbReplacement : byte
{
    /// <summary>The way used longest ago.</summary>
    Lru,

    /// <summary>The way filled longest ago; hits change nothing.</summary>
    Fifo,

    /// <summary>Any way, drawn by a generator with a fixed seed (splitmix64 from 0), one generator a TLB.</summary>
    Random,

    /// <summary>
    /// Tree pseudo-LRU: one bit an inner node of a binary tree over the ways points away from the last use. Halves without a way are
    /// skipped.
    /// </summary>
    Plru,

    /// <summary>Not last used: any way but the one used last, drawn as in <see cref="Random"/>.</summary>
    Nlu,
}
