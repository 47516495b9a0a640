using BsdVm.Conformance;

namespace BsdVm.Tests.Tlbs;

/// <summary>A fast TLB of several page sizes and a naive one, which are asked and told the same.</summary>
internal sealed class SizedComparison
{
    private const int StepsBetweenLooks = 800;

    private static readonly Comparer<TlbEntry> EntryOrder =
        Comparer<TlbEntry>.Create(static (a, b) => (a.Page, a.Tag, a.Translation).CompareTo((b.Page, b.Tag, b.Translation)));

    private readonly TlbSpecification _specification;
    private readonly TlbHierarchy _fast;
    private readonly NaiveSizedHierarchy _naive;

    public SizedComparison(string text)
    {
        Assert.True(TlbSpecification.TryParse(text, out _specification, out string error), error);
        _fast = new TlbHierarchy(_specification);
        _naive = new NaiveSizedHierarchy(_specification);
    }

    public void Run(Steps<SizedStep> steps)
    {
        foreach ((int number, SizedStep step) in steps.Items.Index())
        {
            Perform(step, number);
            if (number % StepsBetweenLooks == 0)
            {
                CompareContents();
            }
        }

        CompareContents();
    }

    private void Perform(in SizedStep step, int number)
    {
        switch (step.Action)
        {
            case TlbAction.Flush or TlbAction.FlushKeepingGlobal:
                _fast.Flush(step.Action == TlbAction.FlushKeepingGlobal);
                _naive.Flush(step.Action == TlbAction.FlushKeepingGlobal);
                break;
            case TlbAction.InvalidatePage:
                _fast.InvalidatePage(step.Address.Value, step.Tag);
                _naive.InvalidatePage(step.Address.Value, step.Tag);
                break;
            case TlbAction.InvalidateRange:
                InvalidateRange(new(step.Address, (ulong)step.Pages * PageSize.BaseBytes), step.Tag);
                break;
            default:
                Access(step, number);
                break;
        }
    }

    private void InvalidateRange(AddressRange range, uint tag)
    {
        _fast.InvalidateRange(range, tag);
        for (VirtualAddress page = range.Start; page < range.End; page += PageSize.BaseBytes)
        {
            _naive.InvalidatePage(page.Value, tag);
        }
    }

    private void Access(in SizedStep step, int number)
    {
        ulong address = step.Address.Value;
        ulong expected = _naive.LookupFirst(address, step.Tag, step.Access);
        AssertSame("first level", step, number, expected, _fast.LookupFirst(address, step.Tag, step.Access));
        if (expected != 0)
        {
            if (step.Action == TlbAction.Upgrade)
            {
                _fast.Upgrade(address, step.Tag, step.Access, step.Translation, step.Size.Shift);
                _naive.Upgrade(address, step.Tag, step.Access, step.Translation, step.Size.Shift);
            }

            return;
        }

        expected = _naive.LookupSecond(address, step.Tag, out int foundShift);
        AssertSame("second level", step, number, expected, _fast.LookupSecond(address, step.Tag));
        if (expected != 0)
        {
            Assert.Equal(foundShift, _fast.SecondPageShift);
            _fast.FillFirst(address, step.Tag, step.Access, expected, foundShift);
            _naive.FillFirst(address, step.Tag, step.Access, expected, foundShift);
        }
        else
        {
            _fast.Fill(address, step.Tag, step.Access, step.Translation, step.Size.Shift);
            _naive.Fill(address, step.Tag, step.Access, step.Translation, step.Size.Shift);
        }
    }

    private void AssertSame(string where, in SizedStep step, int number, ulong expected, ulong found)
    {
        if (expected != found)
        {
            string kept = string.Join('\n', _naive.Kept(step.Access).Take(20)
                .Select(static one => $"  0x{one.Start:x} of {new PageSize(one.Shift)} tag {one.Tag}: 0x{one.Translation:x}"));
            Assert.Fail(
                $"{_specification}, {where}, step {number}: {step.Access} of {step.Address} with tag {step.Tag} gives 0x{found:x}, "
                + $"expected 0x{expected:x}; the naive first level holds\n{kept}");
        }
    }

    private void CompareContents()
    {
        // A page of 1 GB is too many pieces to list.
        if (_specification.Pages[^1].Shift < 30)
        {
            Assert.Equal(InPieces(AccessKind.Read), _fast.Data.Entries.Order(EntryOrder));
            Assert.Equal(InPieces(AccessKind.Execute), _fast.Instruction.Entries.Order(EntryOrder));
        }

        ulong reach = _naive.Kept(AccessKind.Read).Aggregate(0UL, static (sum, one) => sum + new PageSize(one.Shift).Bytes);
        Assert.Equal(reach, _fast.Data.ReachBytes);
    }

    private IEnumerable<TlbEntry> InPieces(AccessKind access) =>
        _naive.Kept(access)
            .SelectMany(static one => Enumerable.Range(0, (int)(new PageSize(one.Shift).Bytes / PageSize.BaseBytes))
                .Select(piece => (ulong)piece * PageSize.BaseBytes)
                .Select(piece => new TlbEntry(new(one.Start + piece), one.Tag, one.Translation + piece)))
            .Order(EntryOrder);
}
