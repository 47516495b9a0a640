namespace BsdVm.Posix;

/// <summary>What became of the accesses of one load, store, fill or fetch.</summary>
/// <param name="Signal">What ended it; <see cref="Signal.None"/> if it was done to the end.</param>
/// <param name="BytesDone">Bytes loaded or stored ahead of the one that faulted.</param>
/// <param name="BadByte">A fetch found this byte instead of the one instruction that it executes (0xC3).</param>
public readonly record struct AccessResult(Signal Signal, ulong BytesDone, byte? BadByte = null)
{
    /// <summary>Whether it was done to the end.</summary>
    public bool IsOk => Signal == Signal.None && BadByte is null;
}
