using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Conformance;

/// <summary>What one random step does to an index of map entries.</summary>
internal enum IndexAction
{
    /// <summary>A new entry, where there is room.</summary>
    Insert,

    /// <summary>An entry goes.</summary>
    Remove,

    /// <summary>An entry's start or end moves, never past a neighbour.</summary>
    Resize,

    /// <summary>Who holds an address, or is the nearest below.</summary>
    Find,

    /// <summary>The lowest gap of a length.</summary>
    FindGap,
}

/// <summary>One random step: an action, a page of the window, a length in pages, and a draw for everything else.</summary>
internal sealed record IndexOperation(IndexAction Action, int Page, int Pages, int Detail)
{
    /// <summary>Pages of the window in which entries are put.</summary>
    public const int WindowPages = 96;

    private static readonly Gen<IndexOperation> Generator =
        from action in Gen.Frequency(
            (8, Gen.Constant(IndexAction.Insert)),
            (4, Gen.Constant(IndexAction.Remove)),
            (3, Gen.Constant(IndexAction.Resize)),
            (2, Gen.Constant(IndexAction.Find)),
            (3, Gen.Constant(IndexAction.FindGap)))
        from page in Gen.Choose(0, WindowPages - 1)
        from pages in Gen.Choose(1, 6)
        from detail in Gen.Choose(0, 4095)
        select new IndexOperation(action, page, pages, detail);

    public static Arbitrary<Steps<IndexOperation>> Arbitrary => Steps.Of(Generator, 80);
}
