using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm.Structures;

/// <content>Its picture, from the root entry down.</content>
internal sealed partial class GuardedStore
{
    public override TableSnapshot Snapshot(string backend, int space) =>
        new GuardedSnapshot(backend, Memory.Read64(_root) == 0 ? null : PictureOf(0, _root));

    private GuardedEntry PictureOf(int index, PhysicalAddress at)
    {
        ulong word = Memory.Read64(at);
        ulong second = NodeOf(at.Value);
        ulong guard = word >> GuardedWalk.GuardShift;
        var entry = new GuardedEntry(index, at, word, second, guard, GuardedWalk.Describe(word, second, _bits));
        return IsNode(word)
            ? entry with { Below = PictureOf(new PhysicalAddress(second), LowOf(word)) }
            : entry with { Page = SnapshotOf(index, new(guard), at, second).Page };
    }

    private GuardedNode PictureOf(PhysicalAddress node, int low)
    {
        var entries = ImmutableArray.CreateBuilder<GuardedEntry>();
        for (int index = 0; index < EntryCount; index++)
        {
            PhysicalAddress at = node + ((ulong)index << GuardedWalk.EntryShift);
            if (Memory.Read64(at) != 0)
            {
                entries.Add(PictureOf(index, at));
            }
        }

        return new(node, low, _bits, entries.ToImmutable());
    }
}
