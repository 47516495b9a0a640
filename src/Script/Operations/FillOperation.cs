using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>fill</c>.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="LengthBytes">The number of bytes.</param>
/// <param name="Value">What each of them becomes.</param>
public sealed record FillOperation(VirtualAddress Address, ulong LengthBytes, byte Value) : ProcessOperation
{
    internal override string Text => $"fill {Address} {NumberText.Length(LengthBytes)} {Value}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) && line.TryByte(out byte value)
            ? new FillOperation(address, length, value)
            : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Fill(Address.Value, LengthBytes, Value).ToWord();
}
