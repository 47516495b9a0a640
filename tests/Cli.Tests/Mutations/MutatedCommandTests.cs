using System.Text;
using System.Text.RegularExpressions;
using BsdVm.Conformance;

namespace BsdVm.Cli.Tests.Mutations;

/// <summary>
/// Damaged command lines, as <see cref="MutatedInputTests"/> says. They run in a folder of their own, because a damaged name of a file to
/// write is a name too; nothing else runs meanwhile.
/// </summary>
[Collection(nameof(OwnFolder))]
public sealed partial class MutatedCommandTests : IDisposable
{
    private const char Between = '\u0001';

    private static readonly string[] Lines =
    [
        "run s --transcript", "run s --stats --json --check every --os bsd --policy corrected --anon shadow --index rbtree",
        "run s --pmap x86-2level --coalesce --dump dump", "show s --at 3 --process p1 --va 0x10000000 --json", "show s --frames --tlb",
        "show --worked A3", "list pmaps --json", "list", "--help", "compare --help", "--version",
        "compare log --maps maps --pmap x86-4level,x86-2level --tlb l1=64x4,l2=512x8,policy=lru,walk=32+4+2 --json --no-time",
        "compare --workload zipf:pages=60,refs=90,skew=0.9,seed=3 --workload runs:refs=50,pages=40,length=4,density=0.1 --format csv",
        "compare words --u64 --page-size promote --cost cost --out report", "compare pages --pages --fold --format text",
        "compare log --child 9=log", "convert log out --maps maps --brotli", "convert words out --u64", "convert pages out --pages",
    ];

    private readonly string _before = Environment.CurrentDirectory;
    private readonly string _folder = Directory.CreateTempSubdirectory("bsdvm").FullName;

    public MutatedCommandTests()
    {
        Environment.CurrentDirectory = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        File.WriteAllText("s", "file f 2p 7\np1: mmap 0x10000000 2p rw- private file:f@0\np1: store 0x10000000 \"x\"\np1: maps\n");
        File.WriteAllBytes("log", Inputs.Logs[0]);
        File.WriteAllBytes("maps", Inputs.Maps[0]);
        File.WriteAllBytes("words", Inputs.Words[0]);
        File.WriteAllBytes("pages", Inputs.Pages[0]);
        File.WriteAllBytes("cost", Inputs.Costs[0]);
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Directory.Delete(_folder, recursive: true);
    }

    [Property(100, Arbitrary = [typeof(MutatedInput)])]
    public void Command_lines(MutatedInput input)
    {
        byte[][] lines = [.. Lines.Select(static line => Encoding.UTF8.GetBytes(line.Replace(' ', Between)))];
        string[] args = [.. Encoding.UTF8.GetString(input.Apply(lines)).Split(Between).Select(Harmless)];
        CommandRun.EndsAsPromised(args, () => string.Join('\n', args.Select(static arg => PlainText.Escape(arg))));
    }

    // No name outside of the folder, and no workload that is long because it was asked to be.
    private static string Harmless(string arg) =>
        LongWorkload().IsMatch(arg) ? arg + ",refs=100,pages=50" : arg.Replace('/', '_').Replace("\0", "", StringComparison.Ordinal);

    [GeneratedRegex("(refs|pages)=(0x)?[0-9a-f]{5,}")]
    private static partial Regex LongWorkload();
}

/// <summary>Tests that change the current folder run alone.</summary>
[CollectionDefinition(nameof(OwnFolder), DisableParallelization = true)]
public sealed class OwnFolder;
