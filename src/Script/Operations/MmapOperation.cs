using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>mmap</c>.</summary>
/// <param name="Address">Exactly there; null lets the system choose.</param>
/// <param name="LengthBytes">The length, any value.</param>
/// <param name="Protection">The rights.</param>
/// <param name="Shared">Stores are seen by everyone who maps the same.</param>
/// <param name="Source">What is mapped.</param>
/// <param name="NoReplace">EEXIST where something is mapped already.</param>
/// <param name="GrowsDown">A stack: it grows on a fault just below.</param>
public sealed record MmapOperation(
    VirtualAddress? Address,
    ulong LengthBytes,
    Protection Protection,
    bool Shared,
    ScriptSource Source,
    bool NoReplace = false,
    bool GrowsDown = false) : ProcessOperation
{
    internal override string Text =>
        $"mmap {Address?.ToString() ?? "any"} {NumberText.Length(LengthBytes)} {Protection.ToText()} "
        + $"{(Shared ? "shared" : "private")} {Source}{(NoReplace ? " noreplace" : "")}{(GrowsDown ? " growsdown" : "")}";

    internal static ProcessOperation? Parse(ref LineCursor line)
    {
        VirtualAddress? address = null;
        if (!line.TakeIf("any"))
        {
            if (!line.TryNumber("ADDR or any", out ulong exactly))
            {
                return null;
            }

            address = new VirtualAddress(exactly);
        }

        return line.TryNumber("LEN", out ulong length)
            && line.TryProtection(out Protection protection)
            && TrySharing(ref line, out bool shared)
            && ScriptSource.TryParse(ref line, out ScriptSource source)
            && TryFlags(ref line, out bool noReplace, out bool growsDown)
            && (!noReplace || address is not null || line.Fail("noreplace goes with a number as ADDR"))
                ? new MmapOperation(address, length, protection, shared, source, noReplace, growsDown)
                : null;
    }

    private protected override string? Check(LifeCheck lives, ProcessLife actor) =>
        Source.File is { } file ? lives.FileProblem(file) : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        MmapOptions options = (NoReplace ? MmapOptions.NoReplace : 0)
            | (GrowsDown ? MmapOptions.GrowsDown : 0)
            | (Source.ReadOnly ? MmapOptions.ReadOnlyFile : 0);
        KernelFile? file = Source.File is { } name ? machine.FindFile(name) : null;
        return process.Mmap(Address?.Value, LengthBytes, Protection, Shared, file, Source.Offset, options).ToAddress();
    }

    private static bool TrySharing(ref LineCursor line, out bool shared)
    {
        bool ok = line.TryWord("SHARING", out string word);
        shared = word == "shared";
        return ok && (shared || word == "private" || line.Fail($"SHARING '{LineCursor.Cut(word)}' is neither private nor shared"));
    }

    private static bool TryFlags(ref LineCursor line, out bool noReplace, out bool growsDown)
    {
        noReplace = false;
        growsDown = false;
        while (!line.AtEnd && !line.AtResult)
        {
            if (!line.TryWord("noreplace or growsdown", out string word))
            {
                return false;
            }

            bool repeated = (word == "noreplace" && noReplace) || (word == "growsdown" && growsDown);
            if (repeated || word is not ("noreplace" or "growsdown"))
            {
                return line.Fail(repeated
                    ? $"{word} stands twice"
                    : $"unknown option '{LineCursor.Cut(word)}' of mmap; there are noreplace, growsdown");
            }

            noReplace |= word == "noreplace";
            growsDown |= word == "growsdown";
        }

        return true;
    }
}
