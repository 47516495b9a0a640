using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>fetch</c>: one instruction fetch.</summary>
/// <param name="Address">The instruction's address.</param>
public sealed record FetchOperation(VirtualAddress Address) : ProcessOperation
{
    /// <summary>The only instruction that a fetch executes: x86 <c>ret</c>.</summary>
    public const byte ReturnInstruction = 0xc3;

    internal override string Text => $"fetch {Address}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryAddress(out VirtualAddress address) ? new FetchOperation(address) : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        AccessResult result = process.Fetch(Address.Value, out byte instruction);
        return result.Signal == Signal.None && instruction != ReturnInstruction ? ScriptResult.BadByte(instruction) : result.ToWord();
    }
}
