using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary>Runs scenarios on the model: each operation is a system call or an access of a process of a <see cref="Posix.Kernel"/>.</summary>
public sealed partial class KernelScriptMachine : IScriptMachine
{
    private const int PieceBytes = 1 << 16;
    private readonly Dictionary<string, Process> _processes = [];
    private readonly Dictionary<string, KernelFile> _files = [];
    private readonly List<(WaitOperation Operation, Process Parent, Process Child)> _waiting = [];
    private readonly Queue<(ScriptOperation Operation, ScriptResult Result)> _completed = [];

    /// <summary>A machine whose first process is p1.</summary>
    public KernelScriptMachine(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Kernel = kernel;
        _processes.Add(VmScript.FirstProcess, kernel.InitialProcess);
    }

    /// <summary>The kernel that it runs on.</summary>
    public Kernel Kernel { get; }

    /// <summary>The processes by name, the latest of each; ended ones too.</summary>
    public IReadOnlyDictionary<string, Process> Processes => _processes;

    /// <summary>Operations executed.</summary>
    public long OperationCount { get; private set; }

    /// <inheritdoc/>
    public ScriptResult Execute(ScriptOperation operation)
    {
        OperationCount++;
        ScriptResult result = operation is FileOperation file ? OnFile(file) : OnProcess((ProcessOperation)operation);
        CompleteWaits();
        Kernel.OperationDone();
        if (Kernel.Configuration.Check == CheckMode.Every)
        {
            Kernel.CheckInvariants();
        }

        return result;
    }

    /// <inheritdoc/>
    public bool TryTakeCompletion([NotNullWhen(true)] out ScriptOperation? operation, [NotNullWhen(true)] out ScriptResult? result)
    {
        bool any = _completed.TryDequeue(out (ScriptOperation Operation, ScriptResult Result) completed);
        (operation, result) = completed;
        return any;
    }

    private static ScriptResult Word(SyscallResult result) =>
        result.Succeeded ? ScriptResult.Ok : ScriptResult.Named(ErrnoNames.NameOf(result.Error));

    private static ScriptResult Address(SyscallResult result) =>
        result.Succeeded ? new NumberResult(result.Value, IsAddress: true) : ScriptResult.Named(ErrnoNames.NameOf(result.Error));

    private static ScriptResult Count(SyscallResult result) =>
        result.Succeeded ? new NumberResult(result.Value, IsAddress: false) : ScriptResult.Named(ErrnoNames.NameOf(result.Error));

    private static ScriptResult Word(AccessResult result) =>
        result.Signal == Signal.None ? ScriptResult.Ok : ScriptResult.Named(result.Signal.ToString());

    private ScriptResult OnFile(FileOperation operation)
    {
        switch (operation)
        {
            case FileCreateOperation create:
                _files[create.File] = Kernel.CreateFile(create.File, create.SizeBytes, create.Value);
                break;
            case FileWriteOperation write:
                return Word(_files[write.File].Write(write.Offset, write.Bytes.Span));
            case FileTruncateOperation truncate:
                return Word(_files[truncate.File].Truncate(truncate.SizeBytes));
            case FileReadOperation read:
                return Read(_files[read.File], read);
        }

        return ScriptResult.Ok;
    }

    private static ScriptResult Read(KernelFile file, FileReadOperation read)
    {
        ulong size = file.Vnode.SizeBytes;
        var bytes = new byte[read.Offset < size ? Math.Min(read.LengthBytes, size - read.Offset) : 0];
        SyscallResult result = file.Read(read.Offset, bytes);
        return result.Succeeded ? new BytesResult(new ByteString(bytes.AsSpan(0, (int)result.Value))) : Word(result);
    }

    private ScriptResult OnProcess(ProcessOperation operation)
    {
        bool lives = _processes.TryGetValue(operation.Process, out Process? process) && process.IsAlive;
        return lives ? OnLivingProcess(process!, operation) : ScriptResult.Gone;
    }

    private ScriptResult OnLivingProcess(Process process, ProcessOperation operation) => operation switch
    {
        LoadOperation load => Load(process, load),
        StoreOperation store => Word(process.Store(store.Address.Value, store.Bytes.Span)),
        FillOperation fill => Word(process.Fill(fill.Address.Value, fill.LengthBytes, fill.Value)),
        FetchOperation fetch => Fetch(process, fetch),
        PreadOperation read => Count(process.Pread(_files[read.File], read.Offset, read.Address.Value, read.LengthBytes)),
        PwriteOperation write => Count(process.Pwrite(_files[write.File], write.Offset, write.Address.Value, write.LengthBytes)),
        ForkOperation fork => Fork(process, fork),
        VforkOperation vfork => Vfork(process, vfork),
        ExitOperation => Exit(process),
        WaitOperation wait => Wait(process, wait),
        _ => OnMap(process, operation),
    };

    private ScriptResult OnMap(Process process, ProcessOperation operation) => operation switch
    {
        MmapOperation map => Mmap(process, map),
        MunmapOperation unmap => Word(process.Munmap(unmap.Address.Value, unmap.LengthBytes)),
        MprotectOperation protect => Word(process.Mprotect(protect.Address.Value, protect.LengthBytes, protect.Protection)),
        MlockOperation mlock => Word(process.Mlock(mlock.Address.Value, mlock.LengthBytes)),
        MunlockOperation munlock => Word(process.Munlock(munlock.Address.Value, munlock.LengthBytes)),
        MsyncOperation sync => Word(process.Msync(sync.Address.Value, sync.LengthBytes, (MsyncMode)sync.Mode)),
        MadviseOperation advise => Word(process.Madvise(advise.Address.Value, advise.LengthBytes, (MadviseKind)advise.Advice)),
        MinheritOperation inherit => Word(process.Minherit(inherit.Address.Value, inherit.LengthBytes, (VmInheritance)inherit.Inheritance)),
        MremapOperation remap => Address(process.Mremap(
            remap.Address.Value, remap.OldLengthBytes, remap.NewLengthBytes, remap.MayMove, remap.Target?.Value)),
        MincoreOperation core => Mincore(process, core),
        BrkOperation brk => Address(process.Brk(brk.Address.Value)),
        SbrkOperation sbrk => Address(process.Sbrk(sbrk.DeltaBytes)),
        MapsOperation maps => Maps(process, maps),
        _ => throw new InvalidOperationException($"The parser let {operation.GetType().Name} through, which no machine executes."),
    };

    private ScriptResult Mmap(Process process, MmapOperation map)
    {
        MmapOptions options = (map.NoReplace ? MmapOptions.NoReplace : 0)
            | (map.GrowsDown ? MmapOptions.GrowsDown : 0)
            | (map.Source.ReadOnly ? MmapOptions.ReadOnlyFile : 0);
        KernelFile? file = map.Source.File is { } name ? _files[name] : null;
        return Address(process.Mmap(map.Address?.Value, map.LengthBytes, map.Protection, map.Shared, file, map.Source.Offset, options));
    }

    // Piece by piece: most long loads of a random script fault at once, and need no buffer of their length.
    private static ScriptResult Load(Process process, LoadOperation load)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (ulong done = 0; done < load.LengthBytes;)
        {
            Span<byte> piece = bytes.GetSpan(PieceBytes)[..(int)Math.Min(PieceBytes, load.LengthBytes - done)];
            AccessResult result = process.Load(unchecked(load.Address.Value + done), piece);
            if (result.Signal != Signal.None)
            {
                return Word(result);
            }

            bytes.Advance(piece.Length);
            done += (ulong)piece.Length;
        }

        return new BytesResult(new ByteString(bytes.WrittenSpan));
    }

    private static ScriptResult Fetch(Process process, FetchOperation fetch)
    {
        AccessResult result = process.Fetch(fetch.Address.Value, out byte instruction);
        return result.Signal == Signal.None && instruction != FetchOperation.ReturnInstruction
            ? ScriptResult.BadByte(instruction)
            : Word(result);
    }

    private static ScriptResult Mincore(Process process, MincoreOperation core)
    {
        SyscallResult result = process.Mincore(core.Address.Value, core.LengthBytes, out string bits);
        return result.Succeeded ? new BitsResult(bits) : Word(result);
    }

    private static RowsResult Maps(Process process, MapsOperation maps)
    {
        ulong start = maps.Address?.Value ?? MapsOperation.UsualStart;
        ulong length = maps.Address is null ? MapsOperation.UsualEnd - MapsOperation.UsualStart : maps.LengthBytes;
        var range = new AddressRange(new(start), Math.Min(length, ulong.MaxValue - start));
        return new RowsResult([.. process.Maps(range).Select(static row =>
            new MapRow(row.Range.Start.Value, row.Range.End.Value, row.Protection, row.IsShared, row.File, row.Offset, row.Identity))]);
    }
}
