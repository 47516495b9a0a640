using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>msync</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Mode">How it writes back.</param>
public sealed record MsyncOperation(VirtualAddress Address, ulong LengthBytes, MsyncMode Mode) : ProcessOperation
{
    internal override string Text => $"msync {Address} {NumberText.Length(LengthBytes)} {Words.Text(Mode)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) && line.TryChoice("msync mode", out MsyncMode mode)
            ? new MsyncOperation(address, length, mode)
            : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Msync(Address.Value, LengthBytes, Mode).ToWord();
}
