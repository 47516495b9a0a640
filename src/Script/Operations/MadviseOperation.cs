using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>madvise</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Advice">The advice.</param>
public sealed record MadviseOperation(VirtualAddress Address, ulong LengthBytes, MadviseKind Advice) : ProcessOperation
{
    internal override string Text => $"madvise {Address} {NumberText.Length(LengthBytes)} {Words.Text(Advice)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) && line.TryChoice("advice", out MadviseKind advice)
            ? new MadviseOperation(address, length, advice)
            : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Madvise(Address.Value, LengthBytes, Advice).ToWord();
}
