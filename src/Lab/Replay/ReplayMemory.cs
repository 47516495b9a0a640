using BsdVm.Posix;
using BsdVm.Traces;

namespace BsdVm.Lab;

/// <summary>
/// Makes the calls of a recorded program on a process so that they have the results that they had: what the kernel chose then is asked for
/// now. Each method says whether the model gave that result.
/// </summary>
internal class ReplayMemory(Kernel kernel)
{
    // The trace does not tell how long a file is; the program read within it.
    private const ulong FileBytes = 1UL << 46;

    private const int DontNeed = 4;

    private readonly Dictionary<string, KernelFile> _files = [];

    /// <summary>Maps what a program starts with. Rows that the model has no addresses for are passed over.</summary>
    public void Load(Process process, IReadOnlyList<MemoryMapEntry> maps)
    {
        MemoryMapEntry? stack = StackOf(maps);
        foreach (MemoryMapEntry map in maps)
        {
            MmapOptions options = ReferenceEquals(map, stack) ? MmapOptions.GrowsDown : MmapOptions.None;
            string? file = map.IsFile ? map.Path : null;
            Map(process, map.Range.Start.Value, map.Range.LengthBytes, map.Protection, map.IsShared, file, map.Offset, options);
        }
    }

    public bool Mmap(Process process, MmapCall call)
    {
        string? file = call.IsAnonymous ? null : call.File ?? $"descriptor {call.Descriptor}";
        return Map(process, call.Result.Value, call.LengthBytes, RightsOf(call), call.IsShared, file, call.Offset);
    }

    public virtual bool Munmap(Process process, ulong address, ulong lengthBytes) => process.Munmap(address, lengthBytes).Succeeded;

    public virtual bool Mprotect(Process process, MprotectCall call) =>
        process.Mprotect(call.Address, call.LengthBytes, call.Protection).Succeeded;

    public bool Brk(Process process, BrkCall call)
    {
        ulong end = call.Result.Value;
        if (process.BreakStart == 0)
        {
            // The first call tells where the heap is.
            process.PlaceHeap(end, end);
        }

        return MoveBreak(process, end);
    }

    public virtual bool Mremap(Process process, MremapCall call)
    {
        ulong to = call.Result.Value;
        return process.Mremap(call.OldAddress, call.OldLengthBytes, call.NewLengthBytes, call.MayMove, to == call.OldAddress ? null : to)
            == new SyscallResult(Errno.None, to);
    }

    // Other advice takes no page away.
    public static bool Madvise(Process process, MadviseCall call) =>
        call.Advice != DontNeed || process.Madvise(call.Address, call.LengthBytes, MadviseKind.DontNeed).Succeeded;

    protected virtual Protection RightsOf(MmapCall call) => call.Protection;

    protected virtual bool MoveBreak(Process process, ulong end)
    {
        SkipMapped(process, end);
        return process.Brk(end) == new SyscallResult(Errno.None, end);
    }

    protected bool Map(
        Process process, ulong address, ulong lengthBytes, Protection rights, bool isShared, string? file, ulong offset,
        MmapOptions options = MmapOptions.None) =>
        process.Mmap(address, lengthBytes, rights, isShared, file is null ? null : FileOf(file), offset, options).Succeeded;

    // The row that is named so, else the highest writable one.
    private static MemoryMapEntry? StackOf(IReadOnlyList<MemoryMapEntry> maps) =>
        maps.LastOrDefault(static map => map.Path == "[stack]")
        ?? maps.LastOrDefault(static map => map.Protection.Allows(Protection.Write) && !map.IsShared && !map.IsFile);

    // The loader may have mapped the first page of the heap already.
    private static void SkipMapped(Process process, ulong end)
    {
        ulong at = PageSize.Base.RoundUp(process.Break);
        if (at >= end)
        {
            return;
        }

        ulong mapped = process.Break;
        foreach (MapsRow row in process.Maps(AddressRange.FromTo(new(at), new(end))))
        {
            if (row.Range.Start.Value > PageSize.Base.RoundUp(mapped))
            {
                break;
            }

            mapped = Math.Min(row.Range.End.Value, end);
        }

        process.PlaceHeap(process.BreakStart, mapped);
    }

    private KernelFile FileOf(string name)
    {
        if (!_files.TryGetValue(name, out KernelFile? file))
        {
            file = kernel.CreateFile(name, FileBytes, 0);
            _files.Add(name, file);
        }

        return file;
    }
}
