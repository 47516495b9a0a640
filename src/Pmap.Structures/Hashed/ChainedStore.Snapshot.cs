using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm.Structures;

/// <content>Its picture, bucket by bucket.</content>
internal sealed partial class ChainedStore
{
    public override TableSnapshot Snapshot(string backend, int space)
    {
        var buckets = ImmutableArray.CreateBuilder<HashBucket>();
        long count = 1L << _bucketBits;
        for (long bucket = 0; bucket < count; bucket++)
        {
            PhysicalAddress head = _heads + ((ulong)bucket << 3);
            var chain = ImmutableArray.CreateBuilder<HashEntry>();
            for (ulong entry = Memory.Read64(head); entry != 0; entry = Memory.Read64(new(entry + HashedWalk.LinkOffset)))
            {
                chain.Add(PictureOf(entry));
            }

            if (chain.Count > 0)
            {
                buckets.Add(new(0, bucket, head, chain.ToImmutable()));
            }
        }

        return new HashSnapshot(backend, space, count, buckets.ToImmutable());
    }

    private HashEntry PictureOf(ulong entry)
    {
        var tag = new PageTag(Memory.Read64(new(entry)));
        var slots = ImmutableArray.CreateBuilder<TableEntry>();
        for (int index = 0; index < 1 << _factor; index++)
        {
            PhysicalAddress at = new(entry + HashedWalk.PteOffset + ((ulong)index << 3));
            ulong word = Memory.Read64(at);
            if (word != 0)
            {
                slots.Add(SnapshotOf(index, tag.Page + (ulong)index, at, word));
            }
        }

        return new(new(entry), tag.Value, tag.Space, ChainText.Describe(tag, _factor), slots.ToImmutable());
    }
}
