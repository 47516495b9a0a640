namespace BsdVm.Traces;

/// <summary>A system call of a log before its result is known: number, arguments and the string that stood behind one of them.</summary>
internal sealed record RecordedCall(int Number, ulong[] Arguments, string? Text)
{
    public ulong Argument(int index) => index < Arguments.Length ? Arguments[index] : 0;
}
