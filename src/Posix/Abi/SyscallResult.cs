namespace BsdVm.Posix;

/// <summary>What a system call gave.</summary>
/// <param name="Error">Why it refused; <see cref="Errno.None"/> if it did not.</param>
/// <param name="Value">An address, a count or a break, as the call says; 0 if it says nothing.</param>
public readonly record struct SyscallResult(Errno Error, ulong Value)
{
    /// <summary>Done, without a value.</summary>
    public static SyscallResult Ok { get; }

    /// <summary>Whether it did not refuse.</summary>
    public bool IsOk => Error == Errno.None;

    /// <summary>Done, with a value.</summary>
    public static SyscallResult Of(ulong value) => new(Errno.None, value);

    /// <summary>Refused.</summary>
    public static SyscallResult Fail(Errno error) => new(error, 0);

    /// <summary>The errno's name, or the value in hexadecimal.</summary>
    public override string ToString() => IsOk ? $"0x{Value:x}" : Error.ToString();
}
