using Xunit;

namespace BsdVm.Conformance;

/// <summary>
/// What a map expects of its index, as tests. The author of an index derives a class from this one, overrides <see cref="CreateIndex"/>,
/// and has them all. Every answer is compared with that of a sorted list, and <see cref="VmMapIndex.CheckStructure"/> runs after each step.
/// </summary>
[Properties(200)]
public abstract class VmMapIndexConformance
{
    private const int ManyEntries = 200;
    private static readonly VirtualAddress Minimum = new(0x10000);

    /// <summary>Makes the index under test, of a map whose lowest address is <paramref name="minimum"/>.</summary>
    protected abstract VmMapIndex CreateIndex(VirtualAddress minimum);

    /// <summary>An empty index finds nothing, and its one gap is everything.</summary>
    [Fact]
    public void AnEmptyIndexIsOneGap()
    {
        VmMapIndex index = CreateIndex(Minimum);
        index.CheckStructure();
        Assert.NotEmpty(index.Name);
        Assert.Equal(0, index.Count);
        Assert.Null(index.First);
        Assert.Null(index.FindAtOrBelow(Minimum));
        Assert.Null(index.FindAtOrBelow(new(ulong.MaxValue)));

        // From below the minimum the minimum counts; the gap may fill everything up to the limit, not a page more.
        Assert.True(index.TryFindGap(new(0), new(0x20000), 0x10000, out VirtualAddress start));
        Assert.Equal(Minimum, start);
        Assert.False(index.TryFindGap(new(0), new(0x20000), 0x11000, out _));
        Assert.False(index.TryFindGap(new(0x21000), new(0x20000), 0x1000, out _));
        Assert.False(index.TryFindGap(new(0), new(0xFFFF_FFFF_FFFF_F000), ulong.MaxValue - 0xFFF, out _));
    }

    /// <summary>Random insertions, removals, moved ends, look-ups and searches for space answer as a sorted list does.</summary>
    [Property(Arbitrary = [typeof(IndexOperation)])]
    internal void RandomOperationsAgreeWithASortedList(Steps<IndexOperation> steps)
    {
        var run = new IndexRun(CreateIndex, Minimum);
        foreach (IndexOperation step in steps.Items)
        {
            run.Perform(step);
        }
    }

    /// <summary>
    /// Many entries, put in and taken out in order, in reverse, and from the middle outwards: every address and gap is found.
    /// </summary>
    /// <param name="stride">The step, modulo the count, from one entry to the next; no common divisor with it.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(ManyEntries - 1)]
    [InlineData(77)]
    public void ManyEntriesInAnyOrder(int stride)
    {
        var run = new IndexRun(CreateIndex, Minimum);
        int[] order = [.. Enumerable.Range(0, ManyEntries).Select(i => i * stride % ManyEntries)];
        foreach (int number in order)
        {
            run.Insert(At(number), 1 + (number % 3));
        }

        run.CheckWhole();
        foreach (int number in order)
        {
            run.CheckFind(At(number));
            run.CheckFind(At(number) - 1);
            run.CheckGap(At(number), At(ManyEntries), (1 + ((ulong)number % 5)) * PageSize.BaseBytes);
        }

        for (int left = ManyEntries; left > 0; left--)
        {
            run.Remove(order[left - 1] % left);
            run.CheckWhole();
        }
    }

    // Every fifth page: gaps of two to four pages between them.
    private static VirtualAddress At(int number) => Minimum + ((ulong)number * 5 * PageSize.BaseBytes);
}
