using BsdVm.Posix;

namespace BsdVm.Script.Tests;

/// <content>Calls that make, change and list mappings.</content>
internal sealed partial class PlainMachine
{
    private ScriptResult OnMap(PlainSpace space, ProcessOperation operation) => operation switch
    {
        MmapOperation map => Mmap(space, map),
        MunmapOperation unmap => InRange(unmap.Address, unmap.LengthBytes, needsLength: true, (start, end) =>
        {
            space.Remove(start, end);
            return ScriptResult.Ok;
        }),
        MprotectOperation protect => InRange(protect.Address, protect.LengthBytes, needsLength: false, (start, end) =>
            Mprotect(space, start, end, protect.Protection)),
        MinheritOperation inherit => InRange(inherit.Address, inherit.LengthBytes, needsLength: false, (start, end) =>
        {
            space.Change(start, end, region => region with { Inheritance = Effective(inherit.Inheritance, region) });
            return ScriptResult.Ok;
        }),
        MadviseOperation { Advice: MadviseKind.DontNeed } advice => InRange(advice.Address, advice.LengthBytes, false, (start, end) =>
            DontNeed(space, start, end)),
        MlockOperation or MunlockOperation or MsyncOperation => ScriptResult.Ok,
        _ => throw new NotSupportedException(operation.ToText()),
    };

    private static ScriptResult InRange(VirtualAddress address, ulong length, bool needsLength, Func<ulong, ulong, ScriptResult> act)
    {
        if (!address.IsAligned(PageSize.Base) || (needsLength && length == 0))
        {
            return Error("EINVAL");
        }

        ulong start = address.Page.Value;
        return act(start, start + ((length + 4095) / PageSize.BaseBytes));
    }

    // On Linux copy undoes the others: shared memory is shared again.
    private VmInheritance Effective(VmInheritance asked, PlainRegion region) =>
        linux && asked == VmInheritance.Copy && region.Shared ? VmInheritance.Share : asked;

    private ScriptResult Mmap(PlainSpace space, MmapOperation map)
    {
        PlainFile? file = map.Source.File is { } name ? _files[name] : null;
        if (map.Shared && map.Source.ReadOnly && map.Protection.Allows(Protection.Write))
        {
            return Error("EACCES");
        }

        return InRange(map.Address!.Value, map.LengthBytes, needsLength: true, (start, end) =>
        {
            if (end > LastAddress / PageSize.BaseBytes)
            {
                return Error("ENOMEM");
            }

            if (map.NoReplace && !space.IsFree(start, end))
            {
                return Error("EEXIST");
            }

            space.Add(new PlainRegion
            {
                Start = start,
                End = end,
                Rights = map.Protection,
                Shared = map.Shared,
                Inheritance = map.Shared ? VmInheritance.Share : VmInheritance.Copy,
                Source = file ?? (map.Shared ? new PlainFile(null, PageSize.Base.RoundUp(map.LengthBytes)) : null),
                SourcePage = map.Source.Offset / PageSize.BaseBytes,
                ReadOnlyFile = map.Source.ReadOnly,
                GrowsDown = map.GrowsDown,
            });
            return Address(map.Address!.Value.Value);
        });
    }

    private ScriptResult Mprotect(PlainSpace space, ulong start, ulong end, Protection rights)
    {
        bool forbidden = space.Regions.Any(region => region.Touches(start, end) && region.Shared && region.ReadOnlyFile
            && rights.Allows(Protection.Write));
        if (forbidden)
        {
            return Error("EACCES");
        }

        ulong hole = start;
        while (hole < end && space.Find(hole) is not null)
        {
            hole++;
        }

        space.Change(start, linux ? hole : end, region => region with { Rights = rights });
        return linux && hole < end ? Error("ENOMEM") : ScriptResult.Ok;
    }

    private ScriptResult DontNeed(PlainSpace space, ulong start, ulong end)
    {
        for (ulong page = start; linux && page < end; page++)
        {
            space.Find(page)?.Overlay.Remove(page);
        }

        // Linux complains about holes once everything is done; BSD does not.
        return linux && !space.IsCovered(start, end) ? Error("ENOMEM") : ScriptResult.Ok;
    }

    private ScriptResult Brk(PlainSpace space, ulong target, ulong result)
    {
        ulong old = (space.Break + 4095) / PageSize.BaseBytes;
        ulong wanted = (target + 4095) / PageSize.BaseBytes;
        if (target < space.HeapStart || (wanted > old && !HasRoomForHeap(space, old, wanted)))
        {
            return Error("ENOMEM");
        }

        if (wanted < old)
        {
            space.Remove(wanted, old);
        }
        else if (wanted > old)
        {
            space.Add(new PlainRegion { Start = old, End = wanted, Rights = Protection.ReadWrite });
        }

        space.Break = target;
        return Address(result);
    }

    // Linux keeps a page free above the heap, and the stack's gap below a stack.
    private bool HasRoomForHeap(PlainSpace space, ulong old, ulong wanted)
    {
        bool nearStack = space.Regions.Any(region => region.GrowsDown && region.Start >= old && region.Start < wanted + 1 + StackGapPages);
        return space.IsFree(old, linux ? wanted + 1 : wanted) && !(linux && nearStack);
    }

    private static RowsResult Maps(PlainSpace space)
    {
        List<MapRow> rows = [];
        foreach (PlainRegion region in space.Regions)
        {
            // An object of shared anonymous memory is told apart by who it is.
            long identity = region.Source is { Name: null } anonymous ? anonymous.GetHashCode() : 0;
            rows.Add(new MapRow(
                region.Start * PageSize.BaseBytes,
                region.End * PageSize.BaseBytes,
                region.Rights,
                region.Shared,
                region.Source?.Name,
                region.SourcePage * PageSize.BaseBytes,
                identity));
        }

        return new RowsResult(
            [.. MapRow.Coalesce(rows).Where(row => row.Start < MapsOperation.UsualEnd && row.End > MapsOperation.UsualStart)]);
    }
}
