using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>mremap</c>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="OldLengthBytes">The length now.</param>
/// <param name="NewLengthBytes">The length wanted.</param>
/// <param name="MayMove">The system may choose another place.</param>
/// <param name="Target">Move exactly there; null: no such wish.</param>
public sealed record MremapOperation(
    VirtualAddress Address, ulong OldLengthBytes, ulong NewLengthBytes, bool MayMove, VirtualAddress? Target) : ProcessOperation
{
    internal override string Text =>
        $"mremap {Address} {NumberText.Length(OldLengthBytes)} {NumberText.Length(NewLengthBytes)}"
        + (MayMove ? " maymove" : "") + (Target is null ? "" : $" to {Target}");

    internal static ProcessOperation? Parse(ref LineCursor line)
    {
        if (!line.TryAddress(out VirtualAddress address)
            || !line.TryNumber("OLDLEN", out ulong oldLength)
            || !line.TryNumber("NEWLEN", out ulong newLength))
        {
            return null;
        }

        bool mayMove = line.TakeIf("maymove");
        if (mayMove || !line.TakeIf("to"))
        {
            return new MremapOperation(address, oldLength, newLength, mayMove, Target: null);
        }

        return line.TryNumber("NEWADDR", out ulong target)
            ? new MremapOperation(address, oldLength, newLength, MayMove: false, new VirtualAddress(target))
            : null;
    }

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Mremap(Address.Value, OldLengthBytes, NewLengthBytes, MayMove, Target?.Value).ToAddress();
}
