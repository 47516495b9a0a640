namespace BsdVm;

/// <summary>
/// Who wants to know of mappings as they come and go: mirrors, comparisons that keep other structures in step. Each takes what it wants.
/// </summary>
public interface IPmapObserver
{
    /// <summary>A mapping was made.</summary>
    void Entered(Pmap pmap, in PmapMapping mapping)
    {
    }

    /// <summary>A mapping has other rights or flags now; frame and address are as they were.</summary>
    void Changed(Pmap pmap, in PmapMapping mapping)
    {
    }

    /// <summary>The mapping at an address ended.</summary>
    void Removed(Pmap pmap, VirtualAddress address)
    {
    }

    /// <summary>A pmap, empty by now, ends.</summary>
    void Destroyed(Pmap pmap)
    {
    }

    /// <summary>A call of the contract that may have changed mappings is over; the mappings' own events came before.</summary>
    void Called(Pmap pmap, in PmapCall call)
    {
    }
}

/// <summary>One call of the pmap contract, as its caller made it.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Range">The addresses: one page for <see cref="PmapCallKind.Enter"/> and <see cref="PmapCallKind.ChangeWiring"/>.</param>
/// <param name="Frame">The frame that was entered.</param>
/// <param name="Rights">The rights that were asked for.</param>
/// <param name="Access">The access that the page was entered for.</param>
/// <param name="Wired">Whether the mapping is wired.</param>
public readonly record struct PmapCall(
    PmapCallKind Kind, AddressRange Range, PageFrameNumber Frame = default, Protection Rights = default, AccessKind? Access = null,
    bool Wired = false);

/// <summary>The calls that change mappings.</summary>
public enum PmapCallKind : byte
{
    /// <summary><see cref="Pmap.Enter"/>, done.</summary>
    Enter,

    /// <summary><see cref="Pmap.Remove"/>.</summary>
    Remove,

    /// <summary><see cref="Pmap.Protect"/>.</summary>
    Protect,

    /// <summary><see cref="Pmap.ChangeWiring"/>.</summary>
    ChangeWiring,

    /// <summary><see cref="Pmap.Collect"/>.</summary>
    Collect,

    /// <summary><see cref="Pmap.Prepare"/>, done: no mapping changed, but a table may have been made.</summary>
    Prepare,
}
