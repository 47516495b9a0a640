using BsdVm.Posix;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Lab.Tests;

/// <summary>
/// A kernel as scenarios have it, and what a recorder of its processes' calls would have written down: a step is a call or a touch.
/// </summary>
public sealed class RecordedKernel
{
    private const ulong First = 0x10000000;
    private const ulong AreaBytes = 64 * PageSize.BaseBytes;

    private readonly Kernel _kernel = new(new KernelConfiguration
    {
        Backend = X86Backends.FourLevel,
        FrameCount = 8192,
        OperatingSystem = OperatingSystemKind.Linux,
    });

    private readonly KernelFile _file;
    private readonly List<Process> _followed = [];
    private readonly List<(Process Parent, Process Child, ulong Id)> _children = [];
    private ulong _forks;

    public RecordedKernel()
    {
        _file = _kernel.CreateFile("file", AreaBytes, 1);
        _followed.Add(_kernel.InitialProcess);
        Steps.Add(new BrkCall(0, CallResult.Success(_kernel.InitialProcess.Break), 0));
    }

    /// <summary>What happened: a <see cref="TraceCall"/>, or a touch as process, address and kind of access.</summary>
    public List<object> Steps { get; } = [];

    /// <summary>The living processes' mappings, a line a mapping.</summary>
    public string Maps => MapsOf(_kernel.Processes);

    public static string MapsOf(IEnumerable<Process> processes) =>
        string.Join('\n', processes.SelectMany(static process => process.Maps(process.Space.Map.Bounds).Select(TextOf).Append("--")));

    public void Do(Throw chosen)
    {
        int number = chosen.Process % _followed.Count;
        Process process = _followed[number];
        if (!process.IsAlive)
        {
            return;
        }

        ulong address = First + ((ulong)(chosen.Page % 64) * PageSize.BaseBytes);
        ulong length = (ulong)(1 + (chosen.Count % 8)) * PageSize.BaseBytes;
        switch (chosen.Kind % 12)
        {
            case 0 or 1 or 2:
                Mmap(number, process, chosen.Detail % 3 == 0 ? null : address, length, chosen.Detail);
                break;
            case 3:
                Steps.Add(new MunmapCall(number, ResultOf(process.Munmap(address, length)), address, length));
                break;
            case 4 or 5:
                Touch(number, process, address, chosen.Detail % 3 == 0 ? AccessKind.Read : AccessKind.Write);
                break;
            case 6:
                Brk(number, process, (ulong)chosen.Detail * 1000);
                break;
            case 7:
                Fork(number, process, isFollowed: chosen.Detail % 2 == 0);
                break;
            case 8:
                Wait(number, process, chosen.Detail);
                break;
            case 9 when number > 0 && chosen.Detail % 4 == 0:
                process.Exit();
                Steps.Add(new ExitCall(number, CallResult.Unknown, SystemCall.ExitGroup, 0));
                break;
            default:
                OnMapping(number, process, chosen);
                break;
        }
    }

    private static string TextOf(MapsRow row) => $"{row.Range} {row.Protection.ToText()} {row.IsShared} {row.File} {row.Offset}";

    private static CallResult ResultOf(SyscallResult result) =>
        result.Succeeded ? CallResult.Success(result.Value) : CallResult.Failure((ulong)result.Error);

    private void Mmap(int number, Process process, ulong? address, ulong length, int detail)
    {
        var rights = (Protection)(detail / 3 % 4);
        bool isShared = detail / 12 % 4 == 0;
        bool isFile = detail / 48 % 2 == 0;
        ulong offset = isFile ? (ulong)(detail % 4) * PageSize.BaseBytes : 0;
        SyscallResult result = process.Mmap(address, length, rights, isShared, isFile ? _file : null, offset, MmapOptions.None);
        ulong flags = (isShared ? 1UL : 2) | (address is null ? 0 : 0x10UL) | (isFile ? 0 : 0x20UL);
        string? name = isFile ? "file" : null;
        Steps.Add(new MmapCall(number, ResultOf(result), address ?? 0, length, (ulong)rights, flags, isFile ? 3 : -1, offset, name));
    }

    private void Touch(int number, Process process, ulong address, AccessKind kind)
    {
        if (kind == AccessKind.Write)
        {
            process.Store(address, [1]);
        }
        else
        {
            process.Load(address, new byte[1]);
        }

        Steps.Add((number, address, kind));
    }

    private void Brk(int number, Process process, ulong bytes)
    {
        ulong asked = process.BreakStart + bytes;
        process.Brk(asked);
        Steps.Add(new BrkCall(number, CallResult.Success(process.Break), asked));
    }

    private void Fork(int number, Process process, bool isFollowed)
    {
        if (_followed.Count == 6)
        {
            return;
        }

        ulong id = 1000 + _forks++;
        Assert.Equal(SyscallResult.Ok, process.Fork($"{id}", out Process? child));
        _children.Add((process, child!, id));
        Steps.Add(new ForkCall(number, CallResult.Success(id), SystemCall.Fork, 0, isFollowed ? _followed.Count : -1));
        if (isFollowed)
        {
            _followed.Add(child!);
        }
    }

    // A child that the trace does not follow is gone when its parent has waited for it; one that it follows has told its end itself.
    private void Wait(int number, Process process, int detail)
    {
        var mine = _children.Where(each => each.Parent == process && (!each.Child.IsAlive || !_followed.Contains(each.Child))).ToList();
        if (mine.Count > 0)
        {
            (Process parent, Process child, ulong id) = mine[detail % mine.Count];
            _children.Remove((parent, child, id));
            child.Exit();
            Assert.Equal(SyscallResult.Ok, process.Wait(child));
            Steps.Add(new Wait4Call(number, CallResult.Success(id), -1, 0));
        }
    }

    // Calls that have partial effects where they fail: they get a part of one mapping, so that they do not.
    private void OnMapping(int number, Process process, Throw chosen)
    {
        IReadOnlyList<MapsRow> rows = process.Maps(new AddressRange(new(0), 1UL << 47));
        if (rows.Count == 0)
        {
            return;
        }

        MapsRow row = rows[chosen.Page % rows.Count];
        ulong skip = (ulong)chosen.Count % row.Range.PageCount;
        ulong address = row.Range.Start.Value + (skip * PageSize.BaseBytes);
        ulong length = (1 + ((ulong)chosen.Detail % (row.Range.PageCount - skip))) * PageSize.BaseBytes;
        switch (chosen.Kind % 3)
        {
            case 0:
                var rights = (Protection)(chosen.Detail % 4);
                Steps.Add(new MprotectCall(number, ResultOf(process.Mprotect(address, length, rights)), address, length, (ulong)rights));
                break;
            case 1:
                Steps.Add(new MadviseCall(number, ResultOf(process.Madvise(address, length, MadviseKind.DontNeed)), address, length, 4));
                break;
            default:
                Mremap(number, process, address, length, chosen.Detail);
                break;
        }
    }

    private void Mremap(int number, Process process, ulong address, ulong length, int detail)
    {
        ulong newLength = (ulong)(1 + (detail / 4 % 12)) * PageSize.BaseBytes;
        ulong? target = detail % 4 == 0 ? First + (2 * AreaBytes) + ((ulong)(detail % 32) * PageSize.BaseBytes) : null;
        bool mayMove = target is not null || detail % 4 > 1;
        if (target is { } to && to < address + length && address < to + newLength)
        {
            return;
        }

        CallResult result = ResultOf(process.Mremap(address, length, newLength, mayMove, target));
        Steps.Add(new MremapCall(number, result, address, length, newLength, mayMove ? 1UL : 0, target ?? 0));
    }

    /// <summary>What chooses a step.</summary>
    public sealed record Throw(int Kind, int Process, int Page, int Count, int Detail);
}
