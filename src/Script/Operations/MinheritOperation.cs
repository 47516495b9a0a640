using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>minherit</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length.</param>
/// <param name="Inheritance">What a child gets at fork.</param>
public sealed record MinheritOperation(VirtualAddress Address, ulong LengthBytes, VmInheritance Inheritance) : ProcessOperation
{
    internal override string Text => $"minherit {Address} {NumberText.Length(LengthBytes)} {Words.Text(Inheritance)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryRange(out VirtualAddress address, out ulong length) && line.TryChoice("inheritance", out VmInheritance inheritance)
            ? new MinheritOperation(address, length, inheritance)
            : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Minherit(Address.Value, LengthBytes, Inheritance).ToWord();
}
