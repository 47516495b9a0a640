namespace BsdVm;

/// <summary>The page that a first-level TLB was asked for last, with its translation; <see cref="None"/> stands for no page.</summary>
internal struct TlbLastUse
{
    // The last page of the 64-bit space under the last tag: a key that nobody uses stands for none. Its look-up would be a miss.
    private const ulong NoKey = ulong.MaxValue;

    public ulong Key;
    public ulong Translation;

    public static TlbLastUse None => new() { Key = NoKey };

    public void DropUnlessGlobal()
    {
        if ((Translation & (ulong)TlbFlags.Global) == 0)
        {
            this = None;
        }
    }

    public void Drop(ulong first, ulong last, uint tag)
    {
        if (Key >= first && Key <= last
            && (TlbKeys.TagOf(Key) == tag || (Translation & (ulong)TlbFlags.Global) != 0))
        {
            this = None;
        }
    }
}
