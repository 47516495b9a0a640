using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>Reads the live structures for one snapshot. What several of them refer to becomes one record.</summary>
internal sealed class SnapshotReader(VmSystem system)
{
    private readonly Dictionary<VmObject, VmObjectSnapshot> _objects = [];
    private readonly Dictionary<Amap, AmapSnapshot> _amaps = [];

    /// <summary>The amaps that were read so far.</summary>
    public IEnumerable<AmapSnapshot> Amaps => _amaps.Values;

    public VmSpaceSnapshot Read(VmSpace space) => new()
    {
        Id = space.Pmap.Id,
        Map = Read(space.Map),
        Mappings = [.. space.Pmap.Mappings(AddressRange.FromTo(new(0), new(space.Pmap.Owner.Backend.Capabilities.UserLimit)))],
        TableUse = space.Pmap.TableUse,
        Tables = space.Pmap.Snapshot(),
        MinorFaults = space.MinorFaults,
        MajorFaults = space.MajorFaults,
    };

    public VmMapSnapshot Read(VmMap map) => new()
    {
        Bounds = map.Bounds,
        SizeBytes = map.SizeBytes,
        Entries = [.. map.Entries().Select(Read)],
    };

    /// <summary>An object and its chain. Chains can be long: they are read from their ends, without recursion.</summary>
    public VmObjectSnapshot Read(VmObject top)
    {
        var unread = new Stack<VmObject>();
        for (VmObject? each = top; each is not null && !_objects.ContainsKey(each); each = each.Shadow)
        {
            unread.Push(each);
        }

        foreach (VmObject each in unread)
        {
            _objects.Add(each, each.Describe() with
            {
                Pages = [.. each.ResidentPages.Select(static page => new ResidentPage(page.Index, page.Frame))
                    .OrderBy(static page => page.Index)],
                Shadow = each.Shadow is { } behind ? _objects[behind] : null,
            });
        }

        return _objects[top];
    }

    /// <summary>The frames.</summary>
    /// <param name="pages">The frames.</param>
    /// <param name="spaces">All address spaces, whose mappings are counted by frame.</param>
    public static VmPagesSnapshot Read(VmPages pages, ImmutableArray<VmSpaceSnapshot> spaces)
    {
        var mappings = new int[pages.TotalCount];
        foreach (PmapMapping mapping in spaces.SelectMany(static space => space.Mappings))
        {
            mappings[mapping.Frame.Value]++;
        }

        var inUse = ImmutableArray.CreateBuilder<VmPageSnapshot>();
        for (int number = 0; number < pages.TotalCount; number++)
        {
            var frame = new PageFrameNumber((ulong)number);
            if (pages.UseOf(frame) != FrameUse.Free)
            {
                inUse.Add(pages.Describe(frame) with { MappingCount = mappings[number] });
            }
        }

        return new()
        {
            TotalCount = pages.TotalCount,
            FreeCount = pages.FreeCount,
            WiredCount = pages.WiredCount,
            TableCount = pages.TableCount,
            Active = [.. pages.Queue(PageQueue.Active)],
            Inactive = [.. pages.Queue(PageQueue.Inactive)],
            InUse = inUse.ToImmutable(),
        };
    }

    private VmMapEntrySnapshot Read(VmMapEntry entry) => entry.Describe() with
    {
        Object = entry.Object is { } lower ? Read(lower) : null,
        Amap = entry.Amap is { } upper ? Read(upper) : null,
    };

    private AmapSnapshot Read(Amap amap)
    {
        if (!_amaps.TryGetValue(amap, out AmapSnapshot? read))
        {
            // Nobody else makes amaps.
            var layer = (AmapLayer)system.Anonymous;
            read = amap.Describe() with
            {
                Slots = [.. amap.Slots.Select(each => new AmapSlotSnapshot(each.Slot, layer.DescribeAnon(each.Anon)))],
            };
            _amaps.Add(amap, read);
        }

        return read;
    }
}
