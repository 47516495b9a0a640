namespace BsdVm.Traces;

/// <summary>
/// Turns numbers and arguments into typed calls. Calls on file descriptors are followed too, only to know under which name a mapped file
/// was opened; they do not come out.
/// </summary>
internal sealed class CallDecoder(int process)
{
    private const int Open = 2;
    private const int Close = 3;
    private const int Dup = 32;
    private const int Dup2 = 33;
    private const int Openat = 257;
    private const int Dup3 = 292;

    private readonly Dictionary<int, string> _fileByDescriptor = [];

    /// <summary>Whether a call of that number is decoded.</summary>
    public static bool IsKept(int number) => FewestArguments(number) >= 0;

    /// <summary>How many arguments the call must have, -1 for a call that is left out.</summary>
    public static int FewestArguments(int number) => number switch
    {
        (int)SystemCall.Mmap => 6,
        (int)SystemCall.Mprotect or (int)SystemCall.Madvise => 3,
        (int)SystemCall.Munmap => 2,
        (int)SystemCall.Mremap => 4,
        (int)SystemCall.Brk or (int)SystemCall.Clone or (int)SystemCall.Execve => 1,
        (int)SystemCall.Exit or (int)SystemCall.ExitGroup => 1,
        (int)SystemCall.Fork or (int)SystemCall.Vfork => 0,
        (int)SystemCall.Wait4 => 3,
        Open or Close or Dup => 1,
        Openat or Dup2 or Dup3 => 2,
        _ => -1,
    };

    /// <summary>The typed call, or null for a call on descriptors.</summary>
    public TraceCall? Decode(RecordedCall call, CallResult result) => call.Number switch
    {
        Open or Openat or Close or Dup or Dup2 or Dup3 => FollowDescriptor(call, result),
        (int)SystemCall.Mmap => new MmapCall(process, result, call.Argument(0), call.Argument(1), call.Argument(2), call.Argument(3),
            (int)call.Argument(4), call.Argument(5), _fileByDescriptor.GetValueOrDefault((int)call.Argument(4))),
        (int)SystemCall.Mprotect => new MprotectCall(process, result, call.Argument(0), call.Argument(1), call.Argument(2)),
        (int)SystemCall.Munmap => new MunmapCall(process, result, call.Argument(0), call.Argument(1)),
        (int)SystemCall.Brk => new BrkCall(process, result, call.Argument(0)),
        (int)SystemCall.Mremap =>
            new MremapCall(process, result, call.Argument(0), call.Argument(1), call.Argument(2), call.Argument(3), call.Argument(4)),
        (int)SystemCall.Madvise => new MadviseCall(process, result, call.Argument(0), call.Argument(1), (int)call.Argument(2)),
        (int)SystemCall.Clone => new ForkCall(process, result, SystemCall.Clone, call.Argument(0), -1),
        (int)SystemCall.Fork or (int)SystemCall.Vfork => new ForkCall(process, result, (SystemCall)call.Number, 0, -1),
        (int)SystemCall.Execve => new ExecveCall(process, result, call.Text ?? string.Empty, null),
        (int)SystemCall.Exit or (int)SystemCall.ExitGroup => new ExitCall(process, result, (SystemCall)call.Number, (int)call.Argument(0)),
        (int)SystemCall.Wait4 => new Wait4Call(process, result, (int)call.Argument(0), call.Argument(2)),
        _ => null,
    };

    private TraceCall? FollowDescriptor(RecordedCall call, CallResult result)
    {
        if (result.Outcome == CallOutcome.Success)
        {
            if (call.Number == Close)
            {
                _fileByDescriptor.Remove((int)call.Argument(0));
            }
            else if (call.Number is Open or Openat)
            {
                _fileByDescriptor[(int)result.Value] = call.Text ?? string.Empty;
            }
            else if (_fileByDescriptor.TryGetValue((int)call.Argument(0), out string? file))
            {
                _fileByDescriptor[(int)result.Value] = file;
            }
        }

        return null;
    }
}
