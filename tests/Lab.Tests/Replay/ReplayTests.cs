using BsdVm.Conformance;
using BsdVm.Traces;
using BsdVm.X86;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Lab.Tests;

/// <summary>A trace is replayed by the same code that runs scenarios: what processes did there gives the same mappings here.</summary>
public class ReplayTests
{
    private const ulong StackStart = 0x7fff_0010_0000;

    public static Arbitrary<Steps<RecordedKernel.Throw>> Throws => Steps.Of(
        from kind in Gen.Choose(0, 11)
        from process in Gen.Choose(0, 5)
        from page in Gen.Choose(0, 63)
        from count in Gen.Choose(0, 63)
        from detail in Gen.Choose(0, 191)
        select new RecordedKernel.Throw(kind, process, page, count, detail), 80);

    [Property(200, Arbitrary = [typeof(ReplayTests)])]
    public void A_replay_ends_with_the_mappings_of_the_scenario(Steps<RecordedKernel.Throw> chosen)
    {
        var recorded = new RecordedKernel();
        var replay = new ReplayMachine(X86Backends.FourLevel, TlbSpecification.Default, 8192, promotesLargePages: false, []);
        foreach (RecordedKernel.Throw each in chosen.Items)
        {
            recorded.Do(each);
        }

        recorded.Steps.ForEach(step => Perform(replay, step));
        Assert.Equal(recorded.Maps, RecordedKernel.MapsOf(replay.Processes));
        replay.System.CheckInvariants();
    }

    [Fact]
    public void Calls_that_a_program_makes_are_all_performed()
    {
        var recorded = new RecordedKernel();
        for (int kind = 0; kind < 12; kind++)
        {
            for (int detail = 0; detail < 24; detail++)
            {
                recorded.Do(new(kind, detail / 4 % 2, kind + detail, detail, detail));
            }
        }

        HashSet<string> made = [.. recorded.Steps.OfType<TraceCall>()
            .Where(static call => !call.Result.IsFailure)
            .Select(static call => call.Name)];
        Assert.Equal(["brk", "exit_group", "fork", "madvise", "mmap", "mprotect", "mremap", "munmap", "wait4"], made.Order());
    }

    [Fact]
    public void A_stack_grows_by_the_page_that_is_touched()
    {
        ReplayMachine replay = Of($"{StackStart:x}-7fff00200000 rw-p 00000000 00:00 0 [stack]");
        Store(replay, StackStart - 0x3000);
        Store(replay, StackStart - 0x1000);
        Store(replay, StackStart - (9UL << 20));
        Assert.Equal((2L, 1L), (replay.StackGrowthPages, replay.Unmapped));
        Assert.Equal("7fff000fd000-7fff000fe000 7fff000ff000-7fff00200000", Ranges(replay));
    }

    [Fact]
    public void The_heap_goes_on_behind_what_the_loader_mapped_of_it()
    {
        ReplayMachine replay = Of("08000000-08001000 rw-p 00000000 00:00 0\n7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]");
        Assert.True(replay.Perform(new BrkCall(0, CallResult.Success(0x8000000), 0)));
        Assert.True(replay.Perform(new BrkCall(0, CallResult.Success(0x8003000), 0x8003000)));
        Assert.Equal("8000000-8003000 7ffffffde000-7ffffffff000", Ranges(replay));
        Assert.True(replay.Perform(new BrkCall(0, CallResult.Success(0x8001800), 0x8001800)));
        Assert.Equal("8000000-8002000 7ffffffde000-7ffffffff000", Ranges(replay));
    }

    [Fact]
    public void A_call_with_a_result_that_the_model_cannot_give_is_told()
    {
        ReplayMachine replay = Of("10000000-10004000 rw-p 00000000 00:00 0");
        Assert.False(replay.Perform(new MprotectCall(0, CallResult.Success(0), 0x20000000, 0x1000, 1)));
        Assert.False(replay.Perform(new MremapCall(0, CallResult.Success(0x30000000), 0x20000000, 0x1000, 0x2000, 1, 0)));
        Assert.False(replay.Perform(new MunmapCall(0, CallResult.Success(0), 0x10000800, 0x1000)));
        Assert.Equal("10000000-10004000", Ranges(replay));
    }

    [Fact]
    public void A_process_goes_on_in_fresh_memory_after_an_exec()
    {
        ReplayMachine replay = Of("10000000-10004000 rw-p 00000000 00:00 0");
        replay.Perform(new BrkCall(0, CallResult.Success(0x8000000), 0));
        Store(replay, 0x10000000);
        var maps = RecordedProgram.Maps("20000000-20004000 rw-p 00000000 00:00 0\n");
        replay.Perform(new ExecveCall(0, CallResult.Unknown, "/bin/other", maps));
        Assert.Equal("20000000-20004000", Ranges(replay));
        Store(replay, 0x20000000);
        Store(replay, 0x10000000);
        Assert.Equal(1, replay.Unmapped);
        Assert.True(replay.Perform(new BrkCall(0, CallResult.Success(0x9000000), 0)));
        Assert.Single(replay.System.Spaces);
    }

    [Fact]
    public void Memory_of_unknown_mappings_is_zeros_wherever_touched()
    {
        var replay = new ReplayMachine(X86Backends.FourLevel, TlbSpecification.Default, 64, promotesLargePages: false, initialMaps: null);
        Assert.True(replay.Perform(new MmapCall(0, CallResult.Success(0x10000000), 0, 0x4000, 1, 0x22, -1, 0, null)));
        Assert.True(replay.Perform(new MprotectCall(0, CallResult.Success(0), 0x10000000, 0x4000, 0)));
        Assert.True(replay.Perform(new MunmapCall(0, CallResult.Success(0), 0x10002000, 0x2000)));
        Assert.True(replay.Perform(new MremapCall(0, CallResult.Success(0x20000000), 0x10000000, 0x2000, 0x3000, 1, 0)));
        Store(replay, 0x10000000);
        Store(replay, 0x10003000);
        Store(replay, 0x20002000);
        Assert.Equal((0L, 0L, 3L), (replay.Unmapped, replay.ProtectionFaults, replay.MappedPages));
    }

    private static ReplayMachine Of(string maps) =>
        new(X86Backends.FourLevel, TlbSpecification.Default, 1024, promotesLargePages: false, RecordedProgram.Maps(maps + "\n"));

    private static string Ranges(ReplayMachine replay) =>
        string.Join(' ', replay.Processes[0].Maps(new AddressRange(new(0), 1UL << 47)).Select(static row => row.Range.ToString()));

    private static void Store(ReplayMachine replay, ulong address) => Perform(replay, (0, address, AccessKind.Write));

    private static void Perform(ReplayMachine replay, object step)
    {
        if (step is TraceCall call)
        {
            Assert.True(replay.Perform(call), $"{call}");
            return;
        }

        (int process, ulong address, AccessKind kind) = ((int, ulong, AccessKind))step;
        replay.Switch(process);
        replay.Cpu.Access(new(address), kind, out _);
    }
}
