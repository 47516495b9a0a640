using BsdVm.Conformance;
using FsCheck;

namespace BsdVm.Tests.Shootdowns;

/// <summary>What a random step does to address spaces on three processors.</summary>
public enum SpaceAction
{
    Access,
    Replace,
    Protect,
    ProtectAll,
    PmapRemove,
    PmapProtect,
    PmapCollect,
    Fork,
    Destroy,
}

/// <summary>One random step.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Space">To which space, counted modulo those that there are.</param>
/// <param name="First">The first page.</param>
/// <param name="Count">The pages of a range, as far as there are any.</param>
/// <param name="Cpu">By which processor.</param>
/// <param name="Switches">The processor first loads the space.</param>
/// <param name="Rights">The rights.</param>
/// <param name="Access">The access.</param>
public readonly record struct SpaceStep(
    SpaceAction Action, int Space, int First, int Count, int Cpu, bool Switches, Protection Rights, AccessKind Access)
{
    // Twelve accesses to one change, so that TLBs are full of what a change must take away.
    private const int AccessesPerChange = 12;

    public static Arbitrary<Steps<SpaceStep>> Arbitrary => Steps.Drawn<SpaceStep>(Draw, 200);

    public override string ToString() => Action switch
    {
        SpaceAction.Access => $"processor {Cpu}: {(Switches ? $"load space {Space}, " : "")}{Access} page {First}",
        SpaceAction.PmapCollect or SpaceAction.Fork or SpaceAction.Destroy => $"space {Space}: {Action}",
        _ => $"space {Space}: {Action} {Count} pages from {First} {Rights.ToText()}",
    };

    private static SpaceStep Draw(Random random)
    {
        bool accesses = random.Next(AccessesPerChange + 1) > 0;
        return new(
            accesses ? SpaceAction.Access : (SpaceAction)random.Next(1, 9),
            random.Next(4),
            random.Next(ThreeProcessors.PageCount),
            random.Next(1, ThreeProcessors.PageCount + 1),
            random.Next(3),
            random.Next(3) == 0,
            (Protection)random.Next(8),
            (AccessKind)random.Next(3));
    }
}

/// <summary>Performs random steps.</summary>
internal sealed class SpaceRun(ThreeProcessors three, List<VmSpace> spaces)
{
    private const int MostSpaces = 4;

    public void Perform(in SpaceStep step)
    {
        VmSpace space = spaces[step.Space % spaces.Count];
        AddressRange range = ThreeProcessors.Pages(step.First, Math.Min(step.Count, ThreeProcessors.PageCount - step.First));
        switch (step.Action)
        {
            case SpaceAction.Access:
                if (step.Switches || three.System.Pmaps.LoadedOn(three.Cpu(step.Cpu)) is null)
                {
                    space.Activate(three.Cpu(step.Cpu));
                }

                three.Access(step.Cpu, step.First, step.Access);
                break;
            case SpaceAction.Replace:
                space.Map.Remove(range);
                ThreeProcessors.Map(space, step.First, (int)range.PageCount);
                break;
            case SpaceAction.Protect:
                space.Map.Protect(range, step.Rights);
                break;
            case SpaceAction.ProtectAll:
                space.Map.Protect(range, Protection.All);
                break;
            case SpaceAction.PmapRemove:
                space.Pmap.Remove(range);
                break;
            case SpaceAction.PmapProtect:
                space.Pmap.Protect(range, step.Rights);
                break;
            case SpaceAction.PmapCollect:
                space.Pmap.Collect();
                break;
            case SpaceAction.Fork when spaces.Count < MostSpaces:
                Assert.Equal(VmStatus.Success, space.TryFork(false, out VmSpace? child));
                spaces.Add(child!);
                break;
            case SpaceAction.Destroy when spaces.Count > 1:
                spaces.Remove(space);
                space.Destroy();
                break;
        }
    }
}
