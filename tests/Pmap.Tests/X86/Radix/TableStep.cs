using BsdVm.Conformance;
using FsCheck;

namespace BsdVm.Tests.X86;

/// <summary>What a random step does to the pmaps of a <see cref="RadixRig"/>.</summary>
public enum TableAction
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
    Collect,
    Recreate,
    Share,
}

/// <summary>
/// One random step. Pages and frames are few and neighbours, so that large pages and shared tables of the tiny format come and go.
/// </summary>
/// <param name="Action">What it does.</param>
/// <param name="Pmap">To which of the three pmaps.</param>
/// <param name="Donor">Whose tables are shared.</param>
/// <param name="Cpu">By which of the two processors.</param>
/// <param name="Page">The first page.</param>
/// <param name="Pages">The pages of a range.</param>
/// <param name="Frame">The frame.</param>
/// <param name="Rights">The rights.</param>
/// <param name="Access">The access, or what a page is entered for.</param>
/// <param name="Flag">Wired, or whether a page's rights go altogether.</param>
/// <param name="Frames">Frames that tables may still take, where they may run out.</param>
public readonly record struct TableStep(
    TableAction Action,
    int Pmap,
    int Donor,
    int Cpu,
    int Page,
    int Pages,
    int Frame,
    Protection Rights,
    AccessKind? Access,
    bool Flag,
    int Frames)
{
    public const int PageCount = 12;
    public const int FrameCount = 8;

    private const int Longest = 1200;

    // How often each comes, in the order of the enumeration.
    private static readonly int[] Weights = [80, 60, 10, 10, 10, 10, 10, 10, 20, 1, 1, 40];

    /// <summary>Steps with and without sharing: a pmap that cannot share does nothing there.</summary>
    public static Arbitrary<Steps<TableStep>> Arbitrary => Steps.Drawn<TableStep>(Draw, Longest);

    public override string ToString() => Action switch
    {
        TableAction.Enter =>
            $"pmap {Pmap}: enter page {Page} frame {Frame} {Rights.ToText()}"
            + $"{(Access is { } access ? $" for {access}" : "")}{(Flag ? " wired" : "")}",
        TableAction.Access => $"processor {Cpu}: {Access ?? AccessKind.Read} page {Page}",
        TableAction.Remove => $"pmap {Pmap}: remove {Pages} pages from {Page}",
        TableAction.Protect => $"pmap {Pmap}: protect {Pages} pages from {Page} r--",
        TableAction.PageProtect => $"frame {Frame}: lower to {(Flag ? "---" : "r--")}",
        TableAction.ChangeWiring => $"pmap {Pmap}: {(Flag ? "wire" : "unwire")} page {Page}",
        TableAction.ClearModify or TableAction.ClearReference => $"frame {Frame}: {Action}",
        TableAction.Activate => $"processor {Cpu}: activate pmap {Pmap}",
        TableAction.Share => $"pmap {Pmap}: share tables of pmap {Donor}, {Pages} from page {Page / 2 * 2}",
        _ => $"pmap {Pmap}: {Action}",
    };

    private static TableStep Draw(Random random)
    {
        int weight = random.Next(Weights.Sum());
        int action = 0;
        for (; weight >= Weights[action]; action++)
        {
            weight -= Weights[action];
        }

        int page = random.Next(PageCount);
        Protection rights = random.Next(3) == 0 ? Protection.Read : Protection.ReadWrite;
        bool isEnter = action == (int)TableAction.Enter;
        AccessKind access = isEnter ? (rights == Protection.Read ? AccessKind.Read : AccessKind.Write) : (AccessKind)random.Next(2);
        return new(
            (TableAction)action,
            random.Next(3),
            random.Next(3),
            random.Next(2),
            page,
            random.Next(1, 5),
            // Mostly the frame with which a neighbour makes a large page.
            isEnter && random.Next(4) > 0 ? page % FrameCount : random.Next(FrameCount),
            rights,
            random.Next(4) > 0 ? access : null,
            isEnter ? random.Next(10) == 0 : random.Next(2) == 0,
            random.Next(3) == 0 ? int.MaxValue : random.Next(2));
    }
}
