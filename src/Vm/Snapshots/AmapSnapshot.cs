using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>An amap, the upper layer of one or more entries, as it stood when the snapshot was taken.</summary>
public sealed record AmapSnapshot
{
    /// <summary>Its number.</summary>
    public required int Id { get; init; }

    /// <summary>Entries that refer to it.</summary>
    public required int RefCount { get; init; }

    /// <summary>Its slots in use, lowest first. Slots are numbered like the virtual pages of the entry that it was made for.</summary>
    public ImmutableArray<AmapSlotSnapshot> Slots { get; init; } = [];

    /// <summary>One line without slots: <c>amap 1, 2 entries</c>.</summary>
    public override string ToString() => $"amap {Id}, {RefCount} entries";
}

/// <summary>A slot of an amap that is in use.</summary>
/// <param name="Slot">Its number.</param>
/// <param name="Anon">The anon in it.</param>
public readonly record struct AmapSlotSnapshot(ulong Slot, AnonSnapshot Anon);
