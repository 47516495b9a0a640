namespace BsdVm;

/// <summary>What one step of a <see cref="StepMachine"/> came to.</summary>
public enum StepOutcome : byte
{
    /// <summary>Nothing is left to do; the result is in the machine.</summary>
    Done,

    /// <summary>It cannot go on until somebody wakes <see cref="StepMachine.BlockedOn"/>.</summary>
    Blocked,

    /// <summary>It let go of its locks: others may run before its next step.</summary>
    Yield,
}

/// <summary>
/// Work that can wait, as plain data: a phase and a context. A step runs without interruption; between steps anything may happen.
/// Async methods are not used because their state could not be copied, hashed and restored.
/// </summary>
public abstract class StepMachine
{
    /// <summary>Where it waits, after <see cref="StepOutcome.Blocked"/>.</summary>
    public WaitChannel BlockedOn { get; protected set; }

    /// <summary>Runs up to the next point where others may run.</summary>
    public abstract StepOutcome Step();
}

/// <summary>
/// The name of something to wait for: a page frame, an object, a transfer. Source: the address argument of 4.4BSD <c>tsleep </c>.
/// </summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Id">Which one.</param>
public readonly record struct WaitChannel(WaitKind Kind, long Id);

/// <summary>Sorts of things to wait for.</summary>
public enum WaitKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A busy page, by frame number.</summary>
    Page,

    /// <summary>An object with paging in progress, by object number.</summary>
    Object,

    /// <summary>A pager's transfer, by request number.</summary>
    Transfer,
}
