using Xunit;

namespace BsdVm.Conformance;

/// <summary>
/// What objects expect of a pager, as tests. The author of a pager derives a class from this one, overrides <see cref="CreatePager"/> and
/// <see cref="Traits"/>, and has them all. Transfers may be complete at once or later, from the scheduler of the system given.
/// </summary>
[Properties(60)]
public abstract class PagerConformance
{
    /// <summary>What kind of store it is.</summary>
    protected abstract PagerTraits Traits { get; }

    /// <summary>Makes the pager under test, which nobody has used yet.</summary>
    /// <param name="system">Whose memory and scheduler its transfers use.</param>
    protected abstract Pager CreatePager(VmSystem system);

    /// <summary>Before anything is put, every page in range is there with its first contents, or is not there.</summary>
    [Fact]
    public void AtFirstThePagesAreWhatTheyStartAs()
    {
        PagerRun run = NewRun();
        Assert.NotEmpty(run.Pager.Kind);
        for (ulong index = 0; index < PagerOperation.Indexes; index++)
        {
            run.CheckPage(index);
        }
    }

    /// <summary>The last page is in range and the next one is not; without an end no page is out of range.</summary>
    [Fact]
    public void TheEndIsWhereItIs()
    {
        PagerRun run = NewRun();
        ulong last = Traits.PageCount - 1 ?? (ulong.MaxValue >> PageSize.Base.Shift);
        run.CheckPage(last);
        run.Put(last, 7);
        run.CheckPage(last);
        if (Traits.PageCount is { } count)
        {
            Assert.Equal(PagerLookup.OutOfRange, run.Pager.HasPage(count));
            Assert.Equal(PagerLookup.OutOfRange, run.Pager.HasPage(ulong.MaxValue >> PageSize.Base.Shift));
        }
    }

    /// <summary>
    /// Random puts, transfers and frees answer as a table of what was put; each transfer writes its frame, all of it and no other.
    /// </summary>
    [Property(Arbitrary = [typeof(PagerOperation)])]
    internal void RandomOperationsAgreeWithATable(Steps<PagerOperation> steps)
    {
        PagerRun run = NewRun();
        foreach (PagerOperation step in steps.Items)
        {
            run.Perform(step);
        }
    }

    private PagerRun NewRun() => new(CreatePager, Traits);
}
