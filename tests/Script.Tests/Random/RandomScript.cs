using BsdVm.Posix;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>
/// Scripts of up to eight processes that fork, map, unmap, protect, write and exit over a window of a few pages. A script is made of a
/// list of throws, one an operation; processes are named by their rank among the living, so that every sublist makes a script too and
/// shrinking finds small ones.
/// </summary>
public static class RandomScript
{
    private const ulong Window = 0x10000000;
    private const int WindowPages = 12;
    private const int FilePages = 4;
    private const int MostProcesses = 8;
    private static readonly string[] Files = ["f", "g"];

    public static Arbitrary<Throw[]> Arbitrary(int length)
    {
        Gen<Throw> one =
            from kind in Gen.Choose(0, 99)
            from process in Gen.Choose(0, MostProcesses - 1)
            from page in Gen.Choose(0, WindowPages - 1)
            from count in Gen.Choose(1, 4)
            from detail in Gen.Choose(0, 4095)
            select new Throw(kind, process, page, count, detail);
        return Arb.From(Gen.Choose(1, length).SelectMany(one.ArrayOf), Shrink);
    }

    /// <summary>The script that the throws make, as text.</summary>
    public static string Text(IEnumerable<Throw> throws, bool linux) =>
        Text(throws, new MachineOptions { Os = linux ? OperatingSystemKind.Linux : OperatingSystemKind.Bsd }, one => Operation(one, linux));

    /// <summary>The script that the throws make where <paramref name="make"/> says which operation a throw is.</summary>
    public static string Text(IEnumerable<Throw> throws, MachineOptions machine, Func<Throw, ScriptOperation> make)
    {
        ProcessNames names = new();
        List<ScriptOperation> operations =
        [
            new FileCreateOperation(Files[0], FilePages * PageSize.BaseBytes, (byte)'f'),
            new FileCreateOperation(Files[1], FilePages * PageSize.BaseBytes, (byte)'g'),
        ];
        foreach (Throw one in throws)
        {
            string process = names.Acting(one.Process);
            ScriptOperation operation = names.WithNames(make(one), process, one.Detail, MostProcesses);
            operations.Add(operation is ProcessOperation of ? of with { Process = process } : operation);
        }

        operations.AddRange(names.AllActing.SelectMany(Observe));
        return VmScript.ToText("random", machine, operations);
    }

    // At the end every process says all that it sees.
    private static IEnumerable<ScriptOperation> Observe(string process)
    {
        yield return new MapsOperation { Process = process };
        for (ulong page = 0; page < WindowPages; page++)
        {
            yield return new LoadOperation(At(page), 8) { Process = process };
        }
    }

    private static ScriptOperation Operation(Throw one, bool linux)
    {
        VirtualAddress address = At((ulong)one.Page);
        ulong length = (ulong)one.Count * PageSize.BaseBytes;
        VirtualAddress inside = address + (ulong)(one.Detail & 7);
        return one.Kind switch
        {
            < 14 => new MmapOperation(address, length, Rights(one), one.Detail % 3 == 0, Source(one), NoReplace: one.Detail % 7 == 0),
            < 19 => new MunmapOperation(address, length),
            < 27 => new MprotectOperation(address, length, Rights(one)),
            < 37 => new ForkOperation(""),
            < 41 => new ExitOperation(),
            < 47 => linux
                ? new MadviseOperation(address, length, MadviseKind.DontNeed)
                : new MinheritOperation(address, length, (VmInheritance)(one.Detail % 4)),
            < 50 => new FileWriteOperation(File(one), PagesOf(one, FilePages), Letter(one)),
            < 52 => new FileReadOperation(File(one), PagesOf(one, FilePages), 8),
            < 54 => new FileTruncateOperation(File(one), PagesOf(one, FilePages + 2)),
            < 56 => new FillOperation(address + 4090, 4096, (byte)('A' + (one.Detail % 26))),
            < 82 => new StoreOperation(inside, Letter(one)),
            < 98 => new LoadOperation(inside, 2),
            _ => new MapsOperation(),
        };
    }

    public static VirtualAddress At(ulong page) => new(Window + (page * PageSize.BaseBytes));

    // A number of bytes below so many pages.
    private static ulong PagesOf(Throw one, int count) => (ulong)(one.Detail % count) * PageSize.BaseBytes;

    private static Protection Rights(Throw one) => (one.Detail >> 3) switch
    {
        var chance when chance % 8 < 5 => Protection.ReadWrite,
        var chance when chance % 8 < 7 => Protection.Read,
        _ => Protection.None,
    };

    private static ScriptSource Source(Throw one) => one.Detail % 5 < 3
        ? ScriptSource.Anonymous
        : new ScriptSource(File(one), PagesOf(one, FilePages));

    public static string File(Throw one) => Files[(one.Detail >> 5) % Files.Length];

    public static ByteString Letter(Throw one) => new([(byte)('a' + (one.Detail % 26))]);

    private static IEnumerable<Throw[]> Shrink(Throw[] throws)
    {
        for (int part = throws.Length / 2; part > 0; part /= 2)
        {
            for (int start = 0; start + part <= throws.Length; start += part)
            {
                yield return [.. throws[..start], .. throws[(start + part)..]];
            }
        }

        for (int index = 0; index < throws.Length; index++)
        {
            foreach (Throw simpler in throws[index].Simpler())
            {
                yield return [.. throws[..index], simpler, .. throws[(index + 1)..]];
            }
        }
    }
}

/// <summary>What chance gave for one operation.</summary>
public sealed record Throw(int Kind, int Process, int Page, int Count, int Detail)
{
    public IEnumerable<Throw> Simpler()
    {
        for (int process = 0; process < Process; process++)
        {
            yield return this with { Process = process };
        }

        for (int count = 1; count < Count; count++)
        {
            yield return this with { Count = count };
        }

        for (int page = 0; page < Page; page++)
        {
            yield return this with { Page = page };
        }
    }
}
