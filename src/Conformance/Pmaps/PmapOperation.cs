using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Conformance;

/// <summary>What a random step does.</summary>
internal enum PmapStep
{
    Enter,
    Access,
    Remove,
    Protect,
    PageProtect,
    ChangeWiring,
    ClearModify,
    ClearReference,
    Activate,
    Prepare,
    Collect,
    Recreate,
    Update,
}

/// <summary>
/// One random step. Every number is an index into what a rig has anyway, so that a sequence stays valid whatever is cut out of it.
/// </summary>
internal sealed record PmapOperation(
    PmapStep Step, int Pmap, int Cpu, int Page, int Length, int Frame, Protection Rights, AccessKind Access, bool ForAccess, bool Wired)
{
    public const int Pmaps = 3;
    public const int Cpus = 2;
    public const int LongestRun = 6;

    // More than any rig has: a number counts modulo its pages.
    private const int MostPages = 60;

    // How often each step comes, in the order of the enumeration.
    private static readonly int[] Weights = [30, 25, 8, 8, 6, 4, 4, 3, 6, 2, 1, 1, 2];

    private static readonly Gen<PmapOperation> Generator =
        from step in Gen.Frequency(Weights.Select((weight, step) => (weight, Gen.Constant((PmapStep)step))))
        from pmap in Gen.Choose(0, Pmaps - 1)
        from cpu in Gen.Choose(0, Cpus - 1)
        from page in Gen.Choose(0, MostPages - 1)
        from length in Gen.Choose(1, LongestRun)
        from frame in Gen.Choose(0, 7)
        from rights in Gen.Choose(0, 7)
        from access in Gen.Choose(0, 2)
        from forAccess in Gen.Choose(0, 1)
        from wired in Gen.Choose(0, 5)
        select new PmapOperation(
            step, pmap, cpu, page, length, frame, (Protection)rights, (AccessKind)access, forAccess == 1, wired == 0);

    public static Arbitrary<Steps<PmapOperation>> Arbitrary => Steps.Of(Generator, 80);

    public override string ToString() => Step switch
    {
        PmapStep.Enter =>
            $"pmap {Pmap}: enter page {Page} frame {Frame} {EnterRights.ToText()}"
            + $"{(ForAccess ? $" for {Access}" : "")}{(Wired ? " wired" : "")}",
        PmapStep.Access => $"processor {Cpu}: {Access} page {Page}",
        PmapStep.Remove => $"pmap {Pmap}: remove {Length} pages from {Page}",
        PmapStep.Protect => $"pmap {Pmap}: protect {Length} pages from {Page} {Rights.ToText()}",
        PmapStep.PageProtect => $"frame {Frame}: lower to {Rights.ToText()}",
        PmapStep.ChangeWiring => $"pmap {Pmap}: {(Wired ? "wire" : "unwire")} page {Page}",
        PmapStep.ClearModify or PmapStep.ClearReference => $"frame {Frame}: {Step}",
        PmapStep.Activate => $"processor {Cpu}: activate pmap {Pmap}",
        PmapStep.Prepare => $"pmap {Pmap}: prepare page {Page}",
        PmapStep.Update => "update",
        _ => $"pmap {Pmap}: {Step}",
    };

    /// <summary>Rights to enter with: at least one, and that of the access.</summary>
    public Protection EnterRights => Rights | (ForAccess || Rights == Protection.None ? Access.Right() : Protection.None);
}
