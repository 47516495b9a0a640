using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>A program that was never run: its accesses and calls are written as a trace in the compact form.</summary>
internal sealed class RecordedProgram : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryTraceWriter _writer;

    /// <param name="maps">The initial memory, in the format of /proc/PID/maps.</param>
    public RecordedProgram(string maps) =>
        _writer = new BinaryTraceWriter(_bytes, new TraceWriterOptions { Source = "program", InitialMaps = Maps(maps) });

    /// <summary>The process that acts.</summary>
    public int Process { get; set; }

    public static IReadOnlyList<MemoryMapEntry> Maps(string text) => MemoryMapFile.Parse(text, "maps");

    public void Dispose()
    {
        _writer.Dispose();
        _bytes.Dispose();
    }

    public void Load(ulong start, int pages = 1) => Touch(start, pages, TraceAccessKind.Load);

    public void Store(ulong start, int pages = 1) => Touch(start, pages, TraceAccessKind.Store);

    public void Munmap(ulong start, int pages) => _writer.Write(new MunmapCall(Process, CallResult.Success(0), start, Bytes(pages)));

    public void Mprotect(ulong start, int pages, Protection rights) =>
        _writer.Write(new MprotectCall(Process, CallResult.Success(0), start, Bytes(pages), (ulong)rights));

    public void Fork(int child) => _writer.Write(new ForkCall(Process, CallResult.Success(1000 + (ulong)child), SystemCall.Fork, 0, child));

    public void Execve(string maps) => _writer.Write(new ExecveCall(Process, CallResult.Unknown, "/bin/other", Maps(maps)));

    public void Exit() => _writer.Write(new ExitCall(Process, CallResult.Unknown, SystemCall.ExitGroup, 0));

    /// <summary>All that was recorded.</summary>
    public TraceSource ToInput()
    {
        _writer.Finish(new string('0', 64));
        byte[] bytes = _bytes.ToArray();
        return new TraceSource(null, TraceFormat.Binary, null, () => new MemoryStream(bytes), "program");
    }

    private static ulong Bytes(int pages) => (ulong)pages * PageSize.BaseBytes;

    private void Touch(ulong start, int pages, TraceAccessKind kind)
    {
        for (int page = 0; page < pages; page++)
        {
            _writer.Write([new TraceAccess(new(start + Bytes(page)), 8, kind)], Process);
        }
    }
}
