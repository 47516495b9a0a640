using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>pread</c>: from a file into the process's memory.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="Address">Where the bytes go.</param>
/// <param name="LengthBytes">How many at most.</param>
public sealed record PreadOperation(string File, ulong Offset, VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"pread {File} {NumberText.Hex(Offset)} {Address} {NumberText.Length(LengthBytes)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryTransfer(out string file, out ulong offset, out VirtualAddress address, out ulong length)
            ? new PreadOperation(file, offset, address, length)
            : null;

    private protected override string? Check(LifeCheck lives, ProcessLife actor) => lives.FileProblem(File);

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Pread(machine.FindFile(File), Offset, Address.Value, LengthBytes).ToCount();
}

/// <summary><c>pwrite</c>: from the process's memory into a file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The file offset.</param>
/// <param name="Address">Where the bytes come from.</param>
/// <param name="LengthBytes">How many.</param>
public sealed record PwriteOperation(string File, ulong Offset, VirtualAddress Address, ulong LengthBytes) : ProcessOperation
{
    internal override string Text => $"pwrite {File} {NumberText.Hex(Offset)} {Address} {NumberText.Length(LengthBytes)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryTransfer(out string file, out ulong offset, out VirtualAddress address, out ulong length)
            ? new PwriteOperation(file, offset, address, length)
            : null;

    private protected override string? Check(LifeCheck lives, ProcessLife actor) => lives.FileProblem(File);

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Pwrite(machine.FindFile(File), Offset, Address.Value, LengthBytes).ToCount();
}
