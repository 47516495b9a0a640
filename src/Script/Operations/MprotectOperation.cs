using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>mprotect</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Protection">The new rights.</param>
public sealed record MprotectOperation(VirtualAddress Address, ulong LengthBytes, Protection Protection) : ProcessOperation
{
    internal override string Text => $"mprotect {Address} {NumberText.Length(LengthBytes)} {Protection.ToText()}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) && line.TryProtection(out Protection protection)
            ? new MprotectOperation(address, length, protection)
            : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Mprotect(Address.Value, LengthBytes, Protection).ToWord();
}
