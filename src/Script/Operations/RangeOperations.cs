namespace BsdVm.Script;

/// <summary><c>mlock</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MlockOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"mlock {Address} {NumberText.Length(LengthBytes)}";
}

/// <summary><c>munlock</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MunlockOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"munlock {Address} {NumberText.Length(LengthBytes)}";
}

/// <summary>How <c>msync</c> writes back.</summary>
public enum ScriptSync
{
    /// <summary>MS_SYNC.</summary>
    Sync,

    /// <summary>MS_ASYNC.</summary>
    Async,

    /// <summary>MS_INVALIDATE.</summary>
    Invalidate,
}

/// <summary><c>msync</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Mode">How.</param>
public sealed record MsyncOperation(VirtualAddress Address, ulong LengthBytes, ScriptSync Mode) : ProcessOperation
{
    internal override string Text => $"msync {Address} {NumberText.Length(LengthBytes)} {Words.Text(Mode)}";
}

/// <summary>What <c>madvise</c> says.</summary>
public enum ScriptAdvice
{
    /// <summary>MADV_NORMAL.</summary>
    Normal,

    /// <summary>MADV_RANDOM.</summary>
    Random,

    /// <summary>MADV_SEQUENTIAL.</summary>
    Sequential,

    /// <summary>MADV_WILLNEED.</summary>
    WillNeed,

    /// <summary>MADV_DONTNEED.</summary>
    DontNeed,

    /// <summary>MADV_FREE.</summary>
    Free,
}

/// <summary><c>madvise</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Advice">The advice.</param>
public sealed record MadviseOperation(VirtualAddress Address, ulong LengthBytes, ScriptAdvice Advice) : ProcessOperation
{
    internal override string Text => $"madvise {Address} {NumberText.Length(LengthBytes)} {Words.Text(Advice)}";
}

/// <summary>What a child gets of a range at fork.</summary>
public enum ScriptInheritance
{
    /// <summary>The same memory.</summary>
    Share,

    /// <summary>A copy.</summary>
    Copy,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>Zeros.</summary>
    Zero,
}

/// <summary><c>minherit</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Inheritance">What the child gets.</param>
public sealed record MinheritOperation(VirtualAddress Address, ulong LengthBytes, ScriptInheritance Inheritance) : ProcessOperation
{
    internal override string Text => $"minherit {Address} {NumberText.Length(LengthBytes)} {Words.Text(Inheritance)}";
}

/// <summary><c>mincore</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MincoreOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"mincore {Address} {NumberText.Length(LengthBytes)}";

    internal override ResultShape Shape => ResultShape.Bits;
}
