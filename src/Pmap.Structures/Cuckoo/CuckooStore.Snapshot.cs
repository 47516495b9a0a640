using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm.Structures;

/// <content>Its picture, way by way: the old ones, and behind them those that take their place while the table changes its size.</content>
internal sealed partial class CuckooStore
{
    public override TableSnapshot Snapshot(string backend, int space)
    {
        var buckets = ImmutableArray.CreateBuilder<HashBucket>();
        AddWays(buckets, _bases, _bits, 0);
        if (_nextBits != 0)
        {
            AddWays(buckets, _nextBases, _nextBits, CuckooWalk.Ways);
        }

        return new HashSnapshot(backend, null, Use.Buckets, buckets.ToImmutable());
    }

    private void AddWays(ImmutableArray<HashBucket>.Builder buckets, ulong[] bases, int bits, int firstWay)
    {
        for (int way = 0; way < CuckooWalk.Ways; way++)
        {
            for (long slot = 0; slot < 1L << bits; slot++)
            {
                var at = new PhysicalAddress(bases[way] + ((ulong)slot << CuckooWalk.SlotShift));
                if ((Memory.Read64(at) & CuckooWalk.InUse) != 0)
                {
                    buckets.Add(new(firstWay + way, slot, at, [PictureOf(at)]));
                }
            }
        }
    }

    private HashEntry PictureOf(PhysicalAddress slot)
    {
        ulong group = CuckooWalk.GroupOf(Memory.Read64(slot), Memory.Read64(slot + 8));
        var first = new PageNumber(group * Words);
        var pages = ImmutableArray.CreateBuilder<TableEntry>();
        for (int index = 0; index < Words; index++)
        {
            PhysicalAddress at = slot + ((ulong)index << 3);
            ulong word = Memory.Read64(at) & ~CuckooWalk.TagMask;
            if (word != 0)
            {
                pages.Add(SnapshotOf(index, first + (ulong)index, at, word));
            }
        }

        return new(slot, group, null, $"pages {first}-{first + (Words - 1)}", pages.ToImmutable());
    }
}
