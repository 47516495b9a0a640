using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>store</c>.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="Bytes">What is stored.</param>
public sealed record StoreOperation(VirtualAddress Address, ByteString Bytes) : ProcessOperation
{
    internal override string Text => $"store {Address} {Bytes}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryAddress(out VirtualAddress address) && line.TryString("STRING", out ByteString bytes)
            ? new StoreOperation(address, bytes)
            : null;

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process) =>
        process.Store(Address.Value, Bytes.Span).ToWord();
}
