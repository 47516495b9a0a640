using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>
/// 4.4BSD: the entries of the vm_map are the mappings. Where Lite2 and its successors differ, <see cref="VmPolicy.Lite2"/> gives the one's
/// answer, every other policy FreeBSD's; each call says which. There is no limit of locked memory or of the heap.
/// </summary>
internal sealed partial class BsdPersonality(VmSystem system) : Personality(system)
{
    /// <inheritdoc/>
    public override bool CountsPartialCopies => false;

    private bool IsLite2 => System.Policy.Name == VmPolicy.Lite2.Name;

    /// <summary>
    /// Lite2 sends SIGBUS for an access that the rights forbid, except in a stack; so it does for what a pager refuses. Source: 4.4BSD
    /// <c>trap</c>; FreeBSD sends SIGSEGV for the first.
    /// </summary>
    public override Signal SignalOf(ProcessMemory memory, VmStatus status, ulong address) => status switch
    {
        VmStatus.ResourceShortage => Signal.SIGKILL,
        VmStatus.OutOfRange or VmStatus.PagerError => Signal.SIGBUS,
        VmStatus.ProtectionFailure when IsLite2 && memory.Map.Lookup(new(address)) is { GrowsDown: false } => Signal.SIGBUS,
        _ => Signal.SIGSEGV,
    };

    /// <inheritdoc/>
    public override bool TryFork(ProcessMemory parent, bool eager, [NotNullWhen(true)] out ProcessMemory? child)
    {
        child = parent.Space.TryFork(eager, out VmSpace? space) == VmStatus.Success
            ? new ProcessMemory(space!, new VmaMap(), parent.BreakStart, parent.Break)
            : null;
        return child is not null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapsRow> Maps(ProcessMemory memory, AddressRange range)
    {
        var rows = new List<MapsRow>();
        for (VmMapEntry? entry = memory.Map.FirstFrom(range.Start); entry is not null && entry.Range.Overlaps(range); entry = entry.Next)
        {
            rows.Add(RowOf(entry));
        }

        return rows;
    }

    // A private mapping of a file is a chain of shadows over the file's object.
    private static MapsRow RowOf(VmMapEntry entry)
    {
        VmObject? bottom = entry.Object;
        ulong offset = entry.Offset;
        while (bottom is { IsAnonymous: true, Shadow: { } behind })
        {
            offset += bottom.ShadowOffset;
            bottom = behind;
        }

        bool isAnonymous = bottom?.Vnode is null;
        return new MapsRow(
            entry.Range,
            entry.Protection,
            entry.IsShared,
            bottom?.Vnode?.Name,
            isAnonymous && !entry.IsShared ? 0 : offset,
            isAnonymous && entry.IsShared ? bottom!.Id : 0);
    }

    // What of a range, which may wrap, lies below the limit. Source: FreeBSD VM_MAP_RANGE_CHECK.
    private bool TryClampRange(ulong start, ulong length, out AddressRange range)
    {
        ulong from = Math.Min(start, UserLimit);
        range = new AddressRange(new(from), Math.Min(RoundUp(length), UserLimit - from));
        return !range.IsEmpty;
    }

    // The argument was an int or ssize_t: a length with the sign bit is negative.
    private static bool IsNegative(ulong length) => (long)length < 0;
}
