namespace BsdVm;

/// <summary>
/// What one access does. The order matters: bit <c>1 &lt;&lt; kind</c> is the right it needs in <see cref="Protection"/>.
/// </summary>
public enum AccessKind : byte
{
    /// <summary>A data load.</summary>
    Read = 0,

    /// <summary>A data store.</summary>
    Write = 1,

    /// <summary>An instruction fetch.</summary>
    Execute = 2,
}
