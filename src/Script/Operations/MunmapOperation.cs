using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>munmap</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
public sealed record MunmapOperation(VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"munmap {Address} {NumberText.Length(LengthBytes)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) ? new MunmapOperation(address, length) : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Munmap(Address.Value, LengthBytes).ToWord();
}
