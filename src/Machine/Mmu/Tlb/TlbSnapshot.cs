using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>One TLB of a processor as it stood when the snapshot was taken.</summary>
/// <param name="Name">
/// Which one: <c>instruction</c> and <c>data</c>, or <c>first-level</c> where one TLB serves both, and <c>second-level</c>.
/// </param>
/// <param name="Geometry">Its shape.</param>
/// <param name="Entries">Its valid entries, by tag, then by address.</param>
public sealed record TlbSnapshot(string Name, TlbGeometry Geometry, ImmutableArray<TlbEntrySnapshot> Entries)
{
    /// <summary>The TLBs of a processor, first level first.</summary>
    internal static ImmutableArray<TlbSnapshot> AllOf(TlbHierarchy tlbs)
    {
        var all = ImmutableArray.CreateBuilder<TlbSnapshot>(3);
        bool isJoint = tlbs.Specification.IsJoint;
        if (!isJoint)
        {
            all.Add(Of("instruction", tlbs.Instruction));
        }

        all.Add(Of(isJoint ? "first-level" : "data", tlbs.Data));
        if (tlbs.Second is { } second)
        {
            all.Add(Of("second-level", second));
        }

        return all.ToImmutable();
    }

    /// <summary>Entries in the order in which snapshots list them.</summary>
    internal static ImmutableArray<TlbEntrySnapshot> Sorted(IEnumerable<TlbEntrySnapshot> entries) =>
        [.. entries.OrderBy(static entry => entry.Tag).ThenBy(static entry => entry.Address)];

    private static TlbSnapshot Of(string name, Tlb tlb) => new(name, tlb.Geometry, Sorted(tlb.SnapshotEntries()));
}
