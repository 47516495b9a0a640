using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

// Every operation decides by the process's VmaMap, which is what the kernel's own checks look at, and then changes VmaMap and vm_map alike. Where
// the change itself faults pages in (mlock, mprotect of locked memory, mremap), the VmaMap changes first, as in the kernel: the write
// attempts that are reported meanwhile belong to the mappings as they are afterwards.

/// <summary>Linux 6.18 on x86-64, as root: no limit of locked memory, mappings below 64 KB allowed.</summary>
internal sealed partial class LinuxPersonality(VmSystem system) : Personality(system)
{
    /// <summary>What stays free between a stack and the mapping below it. Source: <c>stack_guard_gap</c>, 256 pages.</summary>
    private const ulong StackGuardGapBytes = 256 * PageSize.BaseBytes;

    /// <inheritdoc/>
    public override bool CountsPartialCopies => true;

    /// <inheritdoc/>
    public override Signal SignalOf(ProcessMemory memory, VmStatus status, ulong address) => status switch
    {
        VmStatus.ResourceShortage => Signal.SIGKILL,
        VmStatus.OutOfRange or VmStatus.PagerError => Signal.SIGBUS,
        _ => Signal.SIGSEGV,
    };

    /// <inheritdoc/>
    public override bool TryFork(ProcessMemory parent, bool eager, [NotNullWhen(true)] out ProcessMemory? child)
    {
        if (parent.Space.TryFork(eager, out VmSpace? space) != VmStatus.Success)
        {
            child = null;
            return false;
        }

        child = new ProcessMemory(space!, parent.Mappings.Fork(), parent.BreakStart, parent.Break);
        foreach (ref readonly Vma mapping in parent.Mappings.Items)
        {
            // Page-table entries are copied only where there may be pages that a fault could not find again.
            if (mapping.AnonVma is not null && !mapping.Has(VmaFlags.DontFork | VmaFlags.WipeOnFork))
            {
                space!.CopyTouched(parent.Space, mapping.Range);
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapsRow> Maps(ProcessMemory memory, AddressRange range)
    {
        var rows = new List<MapsRow>();
        foreach (ref readonly Vma mapping in memory.Mappings.Items)
        {
            if (mapping.Range.Overlaps(range))
            {
                rows.Add(RowOf(in mapping));
            }
        }

        return rows;
    }

    private static MapsRow RowOf(in Vma mapping) => new(
        mapping.Range,
        mapping.Protection,
        mapping.IsShared,
        FileOf(in mapping)?.Name,
        mapping.IsPrivateAnonymous ? 0 : mapping.PageOffset << PageSize.Base.Shift,
        (mapping.Object as VmObject)?.Id ?? 0);

    private static KernelFile? FileOf(in Vma mapping) => mapping.Object switch
    {
        KernelFile file => file,
        KernelFile.ReadOnlyHandle handle => handle.File,
        _ => null,
    };

    private static void Unmap(ProcessMemory memory, ulong start, ulong end)
    {
        if (!memory.Mappings.IsFree(start, end))
        {
            memory.Map.Remove(Range(start, end));
            memory.Mappings.Remove(start, end);
        }
    }

    // Room that no stack may grow into.
    private bool TryFindSpace(ProcessMemory memory, ulong length, out ulong start)
    {
        ulong from = SearchStart;
        while (memory.Map.TryFindSpace(new(from), length, out VirtualAddress found))
        {
            start = found.Value;
            int next = memory.Mappings.IndexFrom(start);
            if (next == memory.Mappings.Count || !memory.Mappings[next].Has(VmaFlags.GrowsDown)
                || memory.Mappings[next].Start - (start + length) >= StackGuardGapBytes)
            {
                return true;
            }

            from = memory.Mappings[next].End;
        }

        start = 0;
        return false;
    }
}
