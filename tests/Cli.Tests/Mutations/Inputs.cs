using System.IO.Compression;
using System.Text;

namespace BsdVm.Cli.Tests.Mutations;

/// <summary>Good inputs of every kind, from which the damaged ones are made.</summary>
internal static class Inputs
{
    private const string Log = """
        ==7== Lackey, an example Valgrind tool
        I  00010000,3
         S 1ffeffe7e8,8
         L 00011008,8
         M 00011010,8
         SB 00010040
        SYSCALL[7,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x20000)
        SYSCALL[7,1](12) sys_brk ( 0x24000 ) --> [pre-success] Success(0x24000)
         S 00020008,8
        SYSCALL[7,1](9) sys_mmap ( 0x0, 8192, 3, 34, -1, 0 ) --> [pre-success] Success(0x4a000)
         S 0004a000,8
        SYSCALL[7,1](10) sys_mprotect ( 0x4a000, 4096, 1 )[sync] --> Success(0x0)
        SYSCALL[7,1](25) sys_mremap ( 0x4a000, 8192, 12288, 0x1 )[sync] --> Success(0x4a000)
        SYSCALL[7,1](56) sys_clone ( 1200011, 0x0, 0x0, 0x0, 0x0 )   clone(fork): process 7 created child 9
         --> [pre-success] Success(0x9)
         S 00020010,8
        SYSCALL[7,1](61) sys_wait4 ( -1, 0x0, 0, 0x0 ) --> [async] ...
        SYSCALL[7,1](61) ... [async] --> Success(0x9)
        SYSCALL[7,1](11) sys_munmap ( 0x4a000, 12288 )[sync] --> Success(0x0)
        I  00010003,3

        """;

    private const string ProcessMaps = """
        00010000-00012000 r-xp 00000000 08:01 1234                       /bin/program
        00020000-00024000 rw-p 00000000 00:00 0                          [heap]
        00030000-00031000 r--s 00001000 08:01 99                         /tmp/a file
        1ffefff000-1fff001000 rw-p 00000000 00:00 0                      [stack]
        ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]

        """;

    /// <summary>The repository's scenarios but those for which a real kernel's transcripts exist: they are long.</summary>
    public static IReadOnlyList<byte[]> Scenarios { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "scenarios"), "*.vms", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(static text => text.Length < 3000),
        Encoding.UTF8.GetBytes("""
            machine frames=256 os=linux pmap=x86-4level tlb=l1=64x4,l2=512x8,policy=lru overcommit=heuristic ram=16M map_limit=40 forget=3
            file f 3p 65
            p1: mmap 0x10000000 3p rw- private file:f@0x1000:ro noreplace
            p1: mremap 0x10000000 3p 5p maymove
            p1: store 0x10000000 "a\n\t\0\\\"\x1b"
            p1: vfork p2
            p2: pwrite f 0x10 0x10000000 100
            p2: exit
            p1: madvise 0x10000000 1p dontneed == ok
            p1: maps 0x10000000 9p

            """),
    ];

    /// <summary>Maps of processes.</summary>
    public static IReadOnlyList<byte[]> Maps { get; } = [Encoding.UTF8.GetBytes(ProcessMaps)];

    /// <summary>Cost models.</summary>
    public static IReadOnlyList<byte[]> Costs { get; } =
    [
        """{"name":"mine","entryReferenceCycles":30,"walkCycles":5.5,"trapCycles":1e2,"invalidationCycles":0}"""u8.ToArray(),
        """
        {
          "name": "é \u00e9",
          "probeCycles": 20,
          "instructionCycles": 0.25,
          "modifyTrapCycles": 70
        }
        """u8.ToArray(),
    ];

    /// <summary>Logs of lackey, plain and packed.</summary>
    public static IReadOnlyList<byte[]> Logs { get; } = [Encoding.UTF8.GetBytes(Log), Gzip(Encoding.UTF8.GetBytes(Log))];

    /// <summary>Words of 64 bits.</summary>
    public static IReadOnlyList<byte[]> Words { get; } =
        [[.. Enumerable.Range(0, 200).SelectMany(static index => BitConverter.GetBytes(((ulong)index * 40961) | 1))]];

    /// <summary>Lists of page numbers.</summary>
    public static IReadOnlyList<byte[]> Pages { get; } = ["1\n0x200\n0x40000\n0x8000000\n1\n0x201\n77\n"u8.ToArray()];

    /// <summary>The compact form in each of its packings.</summary>
    public static IReadOnlyList<byte[]> Binaries(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, "log"), Logs[0]);
        File.WriteAllBytes(Path.Combine(folder, "maps"), Maps[0]);
        return [Convert(folder), Convert(folder, "--brotli"), Convert(folder, "--maps", Path.Combine(folder, "maps"))];
    }

    private static byte[] Convert(string folder, params string[] options)
    {
        string target = Path.Combine(folder, "made.bvt");
        using var error = new StringWriter();
        string[] args = ["convert", Path.Combine(folder, "log"), target, .. options];
        Assert.True(Application.Run(args, TextWriter.Null, error, new Terminal(isErrorRedirected: true)) == 0, error.ToString());
        return File.ReadAllBytes(target);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
