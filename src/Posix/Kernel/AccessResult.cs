namespace BsdVm.Posix;

/// <summary>What came of an access of a process to its memory.</summary>
/// <param name="Signal">The signal it caused, or none.</param>
/// <param name="BytesDone">Bytes that were transferred before that.</param>
public readonly record struct AccessResult(Signal Signal, ulong BytesDone);
