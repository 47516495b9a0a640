using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm;

public sealed partial class VmPages
{
    /// <summary>The frames now.</summary>
    /// <param name="spaces">All address spaces, whose mappings are counted by frame.</param>
    internal VmPagesSnapshot Snapshot(ImmutableArray<VmSpaceSnapshot> spaces)
    {
        var mappings = new int[TotalCount];
        foreach (PmapMapping mapping in spaces.SelectMany(static space => space.Mappings))
        {
            mappings[mapping.Frame.Value]++;
        }

        var inUse = ImmutableArray.CreateBuilder<VmPageSnapshot>();
        for (int frame = 0; frame < TotalCount; frame++)
        {
            if (this[frame].Use != FrameUse.Free)
            {
                inUse.Add(Describe(new((ulong)frame)) with { MappingCount = mappings[frame] });
            }
        }

        return new()
        {
            TotalCount = TotalCount,
            FreeCount = FreeCount,
            WiredCount = WiredCount,
            TableCount = TableCount,
            Active = [.. Queue(PageQueue.Active)],
            Inactive = [.. Queue(PageQueue.Inactive)],
            InUse = inUse.ToImmutable(),
        };
    }

    /// <summary>A frame alone, without its mappings: what a message says of it.</summary>
    internal VmPageSnapshot Describe(PageFrameNumber frame)
    {
        ref VmPage page = ref this[frame];
        return new()
        {
            Frame = frame,
            Use = page.Use,
            Queue = page.Queue,
            WireCount = page.WireCount,
            IsBusy = page.Busy,
            ObjectId = page.Object == 0 ? null : page.Object,
            Index = page.Index,
            AnonId = page.Anon == 0 ? null : page.Anon,
        };
    }
}
