using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary>What a kernel answers, as results of the language. A failure is the errno's name, whatever success would be.</summary>
internal static class KernelResults
{
    public static ScriptResult ToWord(this SyscallResult result) =>
        result.Succeeded ? ScriptResult.Ok : ScriptResult.Named(ErrnoNames.NameOf(result.Error));

    public static ScriptResult ToAddress(this SyscallResult result) =>
        result.Succeeded ? new NumberResult(result.Value, IsAddress: true) : result.ToWord();

    public static ScriptResult ToCount(this SyscallResult result) =>
        result.Succeeded ? new NumberResult(result.Value, IsAddress: false) : result.ToWord();

    public static ScriptResult ToWord(this AccessResult result) =>
        result.Signal == Signal.None ? ScriptResult.Ok : ScriptResult.Named(result.Signal.ToString());
}
