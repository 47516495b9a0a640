using System.Collections.Immutable;

namespace BsdVm.Script;

/// <summary>Reads an operation's arguments, from behind its name on. Null: the line's cursor says what is wrong.</summary>
internal delegate T? OperationParser<T>(ref LineCursor line)
    where T : ScriptOperation;

/// <summary>A name of the language and who reads what follows it.</summary>
/// <param name="Name">The name as scripts write it.</param>
/// <param name="Parse">Reads the arguments; null for a name that the language has and this version does not support.</param>
internal sealed record OperationSyntax<T>(string Name, OperationParser<T>? Parse = null)
    where T : ScriptOperation;

/// <summary>
/// The operations of the language, a line each: the parser looks names up here, and messages list them in this order. Everything else
/// about an operation stands in the file of its record.
/// </summary>
internal static class OperationTable
{
    /// <summary>What a process does: behind <c>PROC:</c>.</summary>
    public static ImmutableArray<OperationSyntax<ProcessOperation>> OfProcesses { get; } =
    [
        new("mmap", MmapOperation.Parse),
        new("munmap", MunmapOperation.Parse),
        new("mprotect", MprotectOperation.Parse),
        new("mlock", MlockOperation.Parse),
        new("munlock", MunlockOperation.Parse),
        new("msync", MsyncOperation.Parse),
        new("madvise", MadviseOperation.Parse),
        new("minherit", MinheritOperation.Parse),
        new("mremap", MremapOperation.Parse),
        new("mincore", MincoreOperation.Parse),
        new("brk", BrkOperation.Parse),
        new("sbrk", SbrkOperation.Parse),
        new("fork", ForkOperation.Parse),
        new("vfork", VforkOperation.Parse),
        new("exit", ExitOperation.Parse),
        new("wait", WaitOperation.Parse),
        new("pread", PreadOperation.Parse),
        new("pwrite", PwriteOperation.Parse),
        new("load", LoadOperation.Parse),
        new("store", StoreOperation.Parse),
        new("fill", FillOperation.Parse),
        new("fetch", FetchOperation.Parse),
        new("maps", MapsOperation.Parse),
        new("on"),
        new("exec"),
        new("thread"),
    ];

    /// <summary>What happens to files from outside every process.</summary>
    public static ImmutableArray<OperationSyntax<FileOperation>> OfFiles { get; } =
    [
        new("file", FileCreateOperation.Parse),
        new("file.write", FileWriteOperation.Parse),
        new("file.read", FileReadOperation.Parse),
        new("file.truncate", FileTruncateOperation.Parse),
    ];

    /// <summary>The names of a table, as messages list them.</summary>
    public static string Names<T>(ImmutableArray<OperationSyntax<T>> operations)
        where T : ScriptOperation => string.Join(", ", operations.Select(static operation => operation.Name));
}
