using BsdVm.Posix;
using BsdVm.Traces;

namespace BsdVm.Lab;

/// <summary>
/// The memory of a program whose mappings nobody recorded: zeros wherever it is touched, with all rights. A call can only make it zeros
/// again.
/// </summary>
internal sealed class DemandZeroMemory(Kernel kernel) : ReplayMemory(kernel)
{
    /// <summary>Maps a whole address space, page aligned.</summary>
    public void Load(Process process) => MakeZeros(process, process.Space.Map.Bounds.Start.Value, process.Space.Map.Bounds.LengthBytes);

    public override bool Munmap(Process process, ulong address, ulong lengthBytes) =>
        base.Munmap(process, address, lengthBytes) && MakeZeros(process, address, lengthBytes);

    public override bool Mprotect(Process process, MprotectCall call) => true;

    // What shrinking cuts off is gone: the program has said which memory it keeps.
    public override bool Mremap(Process process, MremapCall call)
    {
        ulong to = call.Result.Value;
        ulong oldLength = PageSize.Base.RoundUp(call.OldLengthBytes);
        ulong newLength = PageSize.Base.RoundUp(call.NewLengthBytes);
        ulong kept = Math.Min(oldLength, newLength);
        return (kept == oldLength || base.Munmap(process, call.OldAddress + kept, oldLength - kept))
            && (to == call.OldAddress || Move(process, call.OldAddress, kept, to))
            && (kept == newLength || MakeZeros(process, to + kept, newLength - kept));
    }

    protected override Protection RightsOf(MmapCall call) => Protection.All;

    protected override bool MoveBreak(Process process, ulong end)
    {
        ulong old = PageSize.Base.RoundUp(process.Break);
        ulong now = PageSize.Base.RoundUp(end);
        process.PlaceHeap(Math.Min(process.BreakStart, end), end);
        return now >= old || Munmap(process, now, old - now);
    }

    private bool Move(Process process, ulong address, ulong lengthBytes, ulong to) =>
        process.Mremap(address, lengthBytes, lengthBytes, mayMove: true, to).Succeeded && MakeZeros(process, address, lengthBytes);

    private bool MakeZeros(Process process, ulong address, ulong lengthBytes) =>
        Map(process, address, lengthBytes, Protection.All, isShared: false, file: null, offset: 0);
}
