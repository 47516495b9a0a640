using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm.Structures;

/// <content>Its picture, anchor by anchor.</content>
internal sealed partial class InvertedStore
{
    public override TableSnapshot Snapshot(string backend, int space)
    {
        var buckets = ImmutableArray.CreateBuilder<HashBucket>();
        long count = 1L << _bucketBits;
        for (long bucket = 0; bucket < count; bucket++)
        {
            PhysicalAddress anchor = _anchors + ((ulong)bucket << 3);
            var chain = ImmutableArray.CreateBuilder<HashEntry>();
            for (ulong link = LinkAt(anchor.Value); link != 0; link = LinkAt(EntryAt(link) + InvertedWalk.SecondOffset))
            {
                chain.Add(PictureOf(link));
            }

            if (chain.Count > 0)
            {
                buckets.Add(new(0, bucket, anchor, chain.ToImmutable()));
            }
        }

        return new HashSnapshot(backend, space, count, buckets.ToImmutable());
    }

    private HashEntry PictureOf(ulong link)
    {
        var at = new PhysicalAddress(EntryAt(link));
        var tag = new PageTag(Memory.Read64(at));
        string kind = (link & InvertedWalk.AliasLink) != 0 ? "alias entry" : "frame entry";
        TableEntry slot = SnapshotOf(0, tag.Page, at + InvertedWalk.SecondOffset, EntryOf(link));
        return new(at, tag.Value, tag.Space, $"{ChainText.Describe(tag, 0)}, {kind}", [slot]);
    }
}
