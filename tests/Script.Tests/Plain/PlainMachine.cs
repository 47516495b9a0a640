using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Script.Tests;

/// <summary>
/// Executes scripts on plain byte arrays: a machine that knows what system calls promise, and nothing of page tables, objects or copy on
/// write. It knows the calls and the errors that the scenarios of our own use, and refuses others.
/// </summary>
internal sealed partial class PlainMachine(MachineOptions options, bool linux) : IScriptMachine
{
    private const ulong LastAddress = 0x7ffffffff000;
    private readonly Dictionary<string, PlainProcess> _processes = [];
    private readonly Dictionary<string, PlainFile> _files = [];
    private readonly Queue<(ScriptOperation Operation, ScriptResult Result)> _completed = [];
    private readonly bool _lite2 = options.Policy == VmPolicy.Lite2;
    private readonly bool _noExecute = options.Pmap != "x86-2level";

    public ScriptResult Execute(ScriptOperation operation)
    {
        if (_processes.Count == 0)
        {
            ulong heap = options.Brk?.Value ?? 0x8000000;
            _processes[VmScript.FirstProcess] = new PlainProcess(null, new PlainSpace { HeapStart = heap, Break = heap });
        }

        return operation is FileOperation file
            ? OnFile(file)
            : OnProcess(_processes[((ProcessOperation)operation).Process], (ProcessOperation)operation);
    }

    public bool TryTakeCompletion([NotNullWhen(true)] out ScriptOperation? operation, [NotNullWhen(true)] out ScriptResult? result)
    {
        bool any = _completed.TryDequeue(out (ScriptOperation Operation, ScriptResult Result) completed);
        (operation, result) = completed;
        return any;
    }

    private static ScriptResult Error(string name) => ScriptResult.Named(name);

    private static NumberResult Address(ulong value) => new(value, IsAddress: true);

    private ScriptResult OnFile(FileOperation operation)
    {
        switch (operation)
        {
            case FileCreateOperation create:
                _files[create.File] = new PlainFile(create.File, 0);
                _files[create.File].Write(0, Enumerable.Repeat(create.Value, (int)create.SizeBytes).ToArray());
                return ScriptResult.Ok;
            case FileWriteOperation write:
                _files[write.File].Write(write.Offset, write.Bytes.Span);
                return ScriptResult.Ok;
            case FileTruncateOperation { SizeBytes: > long.MaxValue }:
                return Error("EINVAL");
            case FileTruncateOperation truncate:
                return Truncate(_files[truncate.File], truncate.SizeBytes);
            case FileReadOperation read:
                return new BytesResult(new ByteString(_files[read.File].Read(read.Offset, read.LengthBytes)));
            default:
                throw new NotSupportedException(operation.ToText());
        }
    }

    private ScriptResult Truncate(PlainFile file, ulong size)
    {
        file.Truncate(size);
        if (linux)
        {
            // Private copies of pages wholly past the end go as well.
            bool IsBehind(PlainRegion region, ulong page) => (region.SourcePage + page - region.Start) * PageSize.BaseBytes >= size;
            foreach (PlainRegion region in _processes.Values.SelectMany(process => process.Space.Regions).Where(r => r.Source == file))
            {
                foreach (ulong page in region.Overlay.Keys.Where(page => IsBehind(region, page)).ToList())
                {
                    region.Overlay.Remove(page);
                }
            }
        }

        return ScriptResult.Ok;
    }

    private ScriptResult OnProcess(PlainProcess process, ProcessOperation operation) => operation switch
    {
        ForkOperation fork => Fork(process, fork.Child, process.Space.Forked()),
        VforkOperation fork => Fork(process, fork.Child, process.Space),
        ExitOperation => Exit(process),
        WaitOperation wait => Wait(process, wait),
        LoadOperation load => Load(process.Space, load.Address.Value, load.LengthBytes),
        StoreOperation store => Store(process.Space, store.Address.Value, store.Bytes.Span),
        FillOperation fill => Store(process.Space, fill.Address.Value, Enumerable.Repeat(fill.Value, (int)fill.LengthBytes).ToArray()),
        FetchOperation fetch => Fetch(process.Space, fetch.Address.Value),
        PreadOperation read => Pread(process.Space, read),
        PwriteOperation write => Pwrite(process.Space, write),
        MapsOperation => Maps(process.Space),
        BrkOperation brk => Brk(process.Space, brk.Address.Value, brk.Address.Value),
        SbrkOperation sbrk => Brk(process.Space, unchecked(process.Space.Break + (ulong)sbrk.DeltaBytes), process.Space.Break),
        _ => OnMap(process.Space, operation),
    };

    private ScriptResult Fork(PlainProcess parent, string name, PlainSpace space)
    {
        _processes[name] = new PlainProcess(parent, space);
        parent.Children[name] = _processes[name];
        return ScriptResult.Ok;
    }

    private ScriptResult Exit(PlainProcess process)
    {
        process.Exited = true;
        if (process.Parent is { Waiting: { } wait } parent && parent.Children.GetValueOrDefault(wait.Child) == process)
        {
            parent.Waiting = null;
            parent.Children.Remove(wait.Child);
            _completed.Enqueue((wait, ScriptResult.Ok));
        }

        return ScriptResult.Ok;
    }

    private static ScriptResult Wait(PlainProcess parent, WaitOperation wait)
    {
        if (!parent.Children.TryGetValue(wait.Child, out PlainProcess? child))
        {
            return Error("ECHILD");
        }

        if (!child.Exited)
        {
            parent.Waiting = wait;
            return ScriptResult.Blocked;
        }

        parent.Children.Remove(wait.Child);
        return ScriptResult.Ok;
    }

    private sealed class PlainProcess(PlainProcess? parent, PlainSpace space)
    {
        public PlainProcess? Parent { get; } = parent;

        public PlainSpace Space { get; } = space;

        public Dictionary<string, PlainProcess> Children { get; } = [];

        public bool Exited { get; set; }

        public WaitOperation? Waiting { get; set; }
    }
}
