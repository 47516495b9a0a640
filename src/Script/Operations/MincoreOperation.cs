using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>mincore</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MincoreOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"mincore {Address} {NumberText.Length(LengthBytes)}";

    internal override ResultShape Shape => ResultShape.Bits;

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) ? new MincoreOperation(address, length) : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        SyscallResult result = process.Mincore(Address.Value, LengthBytes, out string bits);
        return result.Succeeded ? new BitsResult(bits) : result.ToWord();
    }
}
