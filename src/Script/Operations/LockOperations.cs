using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>mlock</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MlockOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"mlock {Address} {NumberText.Length(LengthBytes)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) ? new MlockOperation(address, length) : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Mlock(Address.Value, LengthBytes).ToWord();
}

/// <summary><c>munlock</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MunlockOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"munlock {Address} {NumberText.Length(LengthBytes)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) ? new MunlockOperation(address, length) : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Munlock(Address.Value, LengthBytes).ToWord();
}
