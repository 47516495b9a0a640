using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Conformance;

/// <summary>What one random step does to a pager.</summary>
internal enum PagerAction
{
    /// <summary>A page full of a value is written.</summary>
    Put,

    /// <summary>A page that is there is brought.</summary>
    Get,

    /// <summary>A page is to be forgotten.</summary>
    Free,
}

/// <summary>One random step.</summary>
internal sealed record PagerOperation(PagerAction Action, int Index, int Value)
{
    /// <summary>The indexes that steps use lie below.</summary>
    public const int Indexes = 6;

    private static readonly Gen<PagerOperation> Generator =
        from action in Gen.Elements(PagerAction.Put, PagerAction.Put, PagerAction.Get, PagerAction.Get, PagerAction.Free)
        from index in Gen.Choose(0, Indexes - 1)
        from value in Gen.Choose(1, 255)
        select new PagerOperation(action, index, value);

    public static Arbitrary<Steps<PagerOperation>> Arbitrary => Steps.Of(Generator, 40);
}
