using BsdVm.Arm;
using BsdVm.X86;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>
/// Programs with system calls: what the kernel does to tables is counted, and every structure ends with the machine's mappings.
/// </summary>
public class ProgramTests
{
    private const ulong Data = 0x10000000;
    private const ulong Fresh = 0x20000000;
    private const string Stack = "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]\n";
    private const string FirstMaps = "10000000-10020000 rw-p 00000000 00:00 0\n" + Stack;
    private const string SecondMaps = "20000000-20020000 rw-p 00000000 00:00 0\n" + Stack;

    [Fact]
    public void Calls_of_one_process_are_counted_by_kind()
    {
        using var program = new RecordedProgram(FirstMaps);
        Begin(program);
        CompareRun run = Structures.Run(program.ToInput(), Structures.Wide);
        Assert.Equal((0, 0, 0), (run.Trace.Unmapped, run.Trace.ProtectionFaults, run.Trace.CallMismatches));
        Assert.Equal((8, 2), (run.Faults.ZeroFill, run.Faults.ReadZero));
        Assert.All(run.Structures, static each =>
        {
            Assert.Equal(["enter", "remove", "protect", "protectRange", "queryEmpty", "fork", "exit"], each.Operations.Keys);
            Assert.Equal([10, 2, 1, 1, 1, 0, 0], each.Operations.Values.Select(static operation => operation.Count));

            // Eight pages that lost rights or went: none of them may stay in a TLB.
            Assert.Equal((3, 1, 4), (Invalidations(each, "remove"), Invalidations(each, "protect"), Invalidations(each, "protectRange")));
            Assert.Equal(0, Invalidations(each, "enter"));
            Assert.All(
                each.Operations.Where(static pair => pair.Value.Count > 0),
                static pair => Assert.InRange(pair.Value.References, 1, long.MaxValue));
        });
        CheckMappings(run, 7);
    }

    [Fact]
    public void Fork_exec_and_exit_are_counted_as_such()
    {
        CompareRun run = Structures.Run(Whole(), Structures.Wide);
        Assert.Equal(0, run.Trace.CallMismatches);
        Assert.Equal((1, 1, 1), (run.Trace.Calls["fork"], run.Trace.Calls["execve"], run.Trace.Calls["exit_group"]));
        Assert.All(run.Structures, static each =>
        {
            // The first process: ten pages, and one anew after the fork. The second: one of its own beside those it got; three in its
            // second program.
            Assert.Equal(15, each.Operations["enter"].Count);
            Assert.Equal((1, 2), (each.Operations["fork"].Count, each.Operations["exit"].Count));
            Assert.InRange(each.Operations["fork"].References, 1, long.MaxValue);
            Assert.InRange(each.Operations["exit"].References, 1, long.MaxValue);

            // Each of the two stores to the page of zeros takes it away before the new page is entered.
            Assert.Equal(
                (4, 1, 1), (each.Operations["remove"].Count, each.Operations["protect"].Count, each.Operations["protectRange"].Count));
        });
        CheckMappings(run, 7);
    }

    [Fact]
    public void The_first_store_to_a_page_traps_where_hardware_keeps_no_modified_bit()
    {
        using var program = new RecordedProgram("10000000-10020000 rw-s 00000000 00:00 0\n" + Stack);
        program.Load(Data, pages: 6);
        program.Store(Data, pages: 4);
        program.Store(Data + 0x8000, pages: 3);
        program.Store(Data, pages: 4);
        program.Store(Data + 0x8000, pages: 3);
        CompareRun run = Structures.Run(program.ToInput(), [.. Structures.Wide, ArmBackends.All[0]], fold: true);
        Assert.All(run.Structures, static each => Assert.Equal((each.Name, IsTrapping(each.Name) ? 4 : 0), (each.Name, each.ModifyTraps)));
        Assert.Equal(4, run.Of("x86-4level").Rewalks);
        Assert.All(run.Structures, each => Assert.Equal(run.Tlb.L2Misses, each.Walks));
    }

    [Fact]
    public void Ranges_are_folded_piece_by_piece()
    {
        // Three regions of 4 MB, touched in the order third, first, second; a fourth that is never touched lies before them.
        const ulong Start = 0x7000_0040_0000;
        const ulong Region = 4 << 20;
        using var program = new RecordedProgram("700000000000-700001000000 rw-p 00000000 00:00 0\n" + Stack);
        program.Store(Start + (2 * Region), pages: 3);
        program.Store(Start, pages: 2);
        program.Store(Start + Region - 0x2000, pages: 4);
        program.Mprotect(Start - Region, (int)(3 * Region / 4096), Protection.Read);
        program.Munmap(Start + Region - 0x1000, (int)(Region / 4096) + 2);
        program.Load(Start, pages: 2);
        program.Load(Start + (2 * Region) + 0x1000, pages: 2);
        PmapBackend[] backends =
        [
            X86Backends.FourLevel, X86Backends.TwoLevel, ArmBackends.All[0], Structures.Named("mips-hashed"),
            Structures.Named("mips-radix:hw"),
        ];
        TraceSource input = program.ToInput();
        CompareRun run = Structures.Run(input, backends, fold: true);
        Assert.Equal([false, true, true, false, false], run.Structures.Select(static each => each.Folded));
        Assert.Equal((0, 0, 0), (run.Trace.Unmapped, run.Trace.ProtectionFaults, run.Trace.CallMismatches));

        // Pages 0, 1 and the last but one of the first region, the second and third of the third: the others went.
        Assert.Equal(8L * run.Frames + (24 * 5), run.Of("mips-hashed").TableBytesEnd);
        Assert.All(run.Structures, static each =>
        {
            Assert.Equal(9, each.Operations["enter"].Count);
            Assert.Equal(4, Invalidations(each, "remove"));
            Assert.Equal(6, Invalidations(each, "protectRange") + Invalidations(each, "protect"));
        });

        // Alone, a narrow structure costs the same.
        CompareRun alone = Structures.Run(input, [ArmBackends.All[0]], fold: true);
        Assert.Equal((true, run.Of("armv7-short").TableBytesPeak), (alone.Structures[0].Folded, alone.Structures[0].TableBytesPeak));

        // A table a region that was touched, side by side from 0 on.
        Assert.Equal(4096 * (1 + 3), run.Of("x86-2level").TableBytesPeak);
    }

    private static bool IsTrapping(string name) =>
        name == "armv7-short" || (name.StartsWith("mips-", StringComparison.Ordinal) && !name.EndsWith(":hw", StringComparison.Ordinal));

    private static long Invalidations(StructureSummary each, string operation) => each.Operations[operation].Invalidations;

    /// <summary>Two processes and three programs; see the test of them.</summary>
    internal static TraceSource Whole()
    {
        using var program = new RecordedProgram(FirstMaps);
        Begin(program);
        program.Fork(1);
        program.Process = 1;
        program.Load(Data);
        program.Store(Data + 0x8000);
        program.Execve(SecondMaps);
        program.Store(Fresh, pages: 3);
        program.Process = 0;
        program.Store(Data + 0x8000);
        program.Process = 1;
        program.Load(Fresh, pages: 3);
        program.Exit();
        program.Process = 0;
        program.Load(Data, pages: 5);
        return program.ToInput();
    }

    // Ends with pages 0 to 4, not writable, and the page of zeros at 8 and 9.
    private static void Begin(RecordedProgram program)
    {
        program.Store(Data, pages: 8);
        program.Load(Data + 0x8000, pages: 2);
        program.Mprotect(Data, 4, Protection.Read);
        program.Mprotect(Data + 0x4000, 1, Protection.Read);
        program.Munmap(Data + 0x6000, 2);
        program.Munmap(Data + 0x5000, 1);
    }

    private static bool IsOfPages(string name) =>
        name.StartsWith("mips-hashed", StringComparison.Ordinal) || name.StartsWith("mips-inverted", StringComparison.Ordinal);

    // Hashed tables tell how many pages are mapped: 24 bytes each.
    private static void CheckMappings(CompareRun run, int pages)
    {
        Assert.All(((string[])["mips-hashed", "mips-hashed:hw"]).Select(run.Of), each =>
        {
            Assert.Equal((8L * run.Frames) + (24L * pages), each.TableBytesEnd);
            Assert.Equal(8L * run.Frames, each.HeadBytes);
        });
        Assert.All(run.Structures.Where(static each => IsOfPages(each.Name)), each =>
            Assert.Equal((each.Name, pages), (each.Name, each.Entries)));
    }
}
