using BsdVm.Conformance;

namespace BsdVm.Tests.Tlbs;

/// <summary>A fast TLB and a naive one of one specification, which are asked and told the same.</summary>
internal sealed class TlbComparison
{
    private const int StepsBetweenLooks = 1000;

    private static readonly Comparer<TlbEntry> EntryOrder =
        Comparer<TlbEntry>.Create(static (a, b) => (a.Page, a.Tag, a.Translation).CompareTo((b.Page, b.Tag, b.Translation)));

    private readonly TlbHierarchy _fast;
    private readonly NaiveHierarchy _naive;
    private readonly int _pages;

    public TlbComparison(string text, int pages)
    {
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        _fast = new TlbHierarchy(specification);
        _naive = new NaiveHierarchy(specification);
        _pages = pages;
    }

    public void Run(Steps<TlbStep> steps)
    {
        foreach ((int number, TlbStep step) in steps.Items.Index())
        {
            Perform(step, number);
            if (number % StepsBetweenLooks == 0)
            {
                CompareContents(number);
            }
        }

        CompareContents(steps.Items.Length);
    }

    private void Perform(in TlbStep step, int number)
    {
        ulong address = step.In(_pages).Value;
        switch (step.Action)
        {
            case TlbAction.Flush or TlbAction.FlushKeepingGlobal:
                _fast.Flush(step.Action == TlbAction.FlushKeepingGlobal);
                _naive.Flush(step.Action == TlbAction.FlushKeepingGlobal);
                break;
            case TlbAction.InvalidatePage:
                InvalidatePage(address, step.Tag);
                break;
            case TlbAction.InvalidateRange:
                InvalidateRange(new(step.In(_pages).Page.Address, (ulong)step.Pages * PageSize.BaseBytes), step.Tag);
                break;
            default:
                Access(step, address, number);
                break;
        }
    }

    private void InvalidatePage(ulong address, uint tag)
    {
        _fast.InvalidatePage(address, tag);
        _naive.InvalidatePage(address, tag);
    }

    private void InvalidateRange(AddressRange range, uint tag)
    {
        _fast.InvalidateRange(range, tag);
        for (VirtualAddress page = range.Start; page < range.End; page += PageSize.BaseBytes)
        {
            _naive.InvalidatePage(page.Value, tag);
        }
    }

    private void Access(in TlbStep step, ulong address, int number)
    {
        ulong expected = _naive.LookupFirst(address, step.Tag, step.Access);
        AssertSame("first level", step, number, expected, _fast.LookupFirst(address, step.Tag, step.Access));
        TlbFlags flags = TlbFlags.Valid | (step.IsGlobal ? TlbFlags.Global : TlbFlags.None);
        ulong walked = new PageFrameNumber((ulong)number).Address.Value | (ulong)flags;
        if (expected != 0)
        {
            Upgrade(step, address, walked);
            return;
        }

        expected = _naive.LookupSecond(address, step.Tag);
        AssertSame("second level", step, number, expected, _fast.LookupSecond(address, step.Tag));
        if (expected != 0)
        {
            _fast.FillFirst(address, step.Tag, step.Access, expected);
            _naive.FillFirst(address, step.Tag, step.Access, expected);
        }
        else
        {
            _fast.Fill(address, step.Tag, step.Access, walked);
            _naive.Fill(address, step.Tag, step.Access, walked);
        }
    }

    private void Upgrade(in TlbStep step, ulong address, ulong walked)
    {
        if (step.Action == TlbAction.Access)
        {
            return;
        }

        if (step.Action == TlbAction.InvalidateAndUpgrade)
        {
            InvalidatePage(address, step.Tag);
        }

        _fast.Upgrade(address, step.Tag, step.Access, walked);
        _naive.Upgrade(address, step.Tag, step.Access, walked);
    }

    private void AssertSame(string where, in TlbStep step, int number, ulong expected, ulong found)
    {
        if (expected != found)
        {
            Assert.Fail(
                $"{_fast.Specification}, {where}, step {number}: {step.Access} of {step.In(_pages)} with tag {step.Tag} "
                + $"gives 0x{found:x}, expected 0x{expected:x}; the naive TLBs hold\n{Print(_naive.Entries)}");
        }
    }

    private void CompareContents(int number)
    {
        TlbEntry[] expected = [.. _naive.Entries.Order(EntryOrder)];
        TlbEntry[] found = [.. _fast.Entries.Order(EntryOrder)];
        if (!expected.SequenceEqual(found))
        {
            Assert.Fail(
                $"{_fast.Specification}, step {number}: expected\n{Print(expected)}\n"
                + $"found\n{Print(found)}");
        }
    }

    private static string Print(IEnumerable<TlbEntry> entries) =>
        string.Join('\n', entries.Take(20).Select(static entry => $"  {entry.Page} tag {entry.Tag}: 0x{entry.Translation:x}"));
}
