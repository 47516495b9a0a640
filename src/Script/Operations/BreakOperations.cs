using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>brk</c>.</summary>
/// <param name="Address">The new break.</param>
public sealed record BrkOperation(VirtualAddress Address) : ProcessOperation
{
    internal override string Text => $"brk {Address}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryAddress(out VirtualAddress address) ? new BrkOperation(address) : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) => process.Brk(Address.Value).ToAddress();
}

/// <summary><c>sbrk</c>.</summary>
/// <param name="DeltaBytes">How far the break moves, negative for down.</param>
public sealed record SbrkOperation(long DeltaBytes) : ProcessOperation
{
    internal override string Text =>
        DeltaBytes < 0 ? $"sbrk -{NumberText.Length(unchecked((ulong)-DeltaBytes))}" : $"sbrk {NumberText.Length((ulong)DeltaBytes)}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryWord("DELTA (a number, negative with a - ahead)", out string word) && TryDelta(ref line, word, out long delta)
            ? new SbrkOperation(delta)
            : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) => process.Sbrk(DeltaBytes).ToAddress();

    private static bool TryDelta(ref LineCursor line, string word, out long delta)
    {
        bool negative = word.StartsWith('-');
        bool ok = NumberText.TryParse(negative ? word.AsSpan(1) : word, out ulong distance, out string problem);
        delta = unchecked(negative ? -(long)distance : (long)distance);
        return ok
            ? distance <= long.MaxValue || line.Fail($"DELTA '{LineCursor.Cut(word)}' does not fit in 63 bits")
            : line.Fail($"DELTA '{LineCursor.Cut(word)}' {problem}");
    }
}
