namespace BsdVm;

/// <summary>
/// The shape of one TLB. The set of a page is its page number modulo <see cref="Sets"/>, which need not be a power of two.
/// </summary>
/// <param name="Entries">Translations it holds, a multiple of <paramref name="Ways"/>; 0 for no TLB at all.</param>
/// <param name="Ways">Entries a page can be in; fully associative when it equals <paramref name="Entries"/>.</param>
public readonly record struct TlbGeometry(int Entries, int Ways)
{
    /// <summary>The largest number of entries that is modelled.</summary>
    public const int MaximumEntries = 1 << 20;

    /// <summary>Whether there is no such TLB.</summary>
    public bool IsNone => Entries == 0;

    /// <summary>The number of sets.</summary>
    public int Sets => IsNone ? 0 : Entries / Ways;

    /// <summary>Entries x ways, as the command line takes it: <c>1536x12</c>.</summary>
    public override string ToString() => $"{Entries}x{Ways}";
}
