namespace BsdVm.Script.Tests;

/// <summary>The transcript's form, and how assertions are told.</summary>
public class ScriptRunnerTests
{
    private static readonly RowsResult Rows = new(
    [
        new MapRow(0x10000000, 0x10001000, Protection.ReadWrite, false, null, 0),
        new MapRow(0x10001000, 0x10002000, Protection.ReadWrite, false, null, 0),
    ]);

    [Fact]
    public void The_transcript_has_a_line_an_operation_and_rows_below_their_count()
    {
        ScriptRunner runner = new(
            Scenarios.Parse("machine os=bsd\n\nfile f 1\np1: munmap 1 1\np1: maps\n# end"),
            new ScriptedMachine().Gives(4, ScriptResult.Named("EINVAL")).Gives(5, Rows));
        runner.RunThrough();
        Assert.Equal(
            ["3 ok", "4 EINVAL", "5 2", "  10000000-10001000 rw- private anon", "  10001000-10002000 rw- private anon"],
            runner.Transcript);
        Assert.Empty(runner.Failures);
        Assert.Equal(3, runner.ExecutedCount);
    }

    [Fact]
    public void Coalescing_changes_what_is_printed_and_what_is_compared()
    {
        ScriptRunner runner = new(Scenarios.Parse("p1: maps == 1"), new ScriptedMachine().Gives(1, Rows), coalesce: true);
        runner.RunThrough();
        Assert.Equal(["1 1", "  10000000-10002000 rw- private anon"], runner.Transcript);
        Assert.Empty(runner.Failures);
    }

    [Fact]
    public void Failed_assertions_say_line_expected_and_seen_and_the_run_goes_on()
    {
        ScriptRunner runner = new(
            Scenarios.Parse("p1: munmap 1 1 == EINVAL\np1: maps == 3\np1: load 1 1 == \"a\"\np1: exit"),
            new ScriptedMachine().Gives(2, Rows).Gives(3, new BytesResult(new ByteString("b"u8))));
        runner.RunThrough();
        Assert.Equal(
            [
                "test.vms:1: p1: munmap 0x1 1: expected EINVAL, saw ok",
                "test.vms:2: p1: maps: expected 3, saw 2",
                "test.vms:3: p1: load 0x1 1: expected \"a\", saw \"b\"",
            ],
            runner.Failures.Select(failure => failure.ToString()));
        Assert.Equal(4, runner.ExecutedCount);
    }

    [Fact]
    public void A_blocked_operation_completes_behind_the_line_that_releases_it()
    {
        ScriptRunner runner = new(
            Scenarios.Parse("p1: fork p2\np1: wait p2 == ok\np2: maps\np2: exit\np1: exit"),
            new ScriptedMachine().Gives(2, ScriptResult.Blocked).Completes(4, 2, ScriptResult.Ok));
        runner.RunThrough();
        Assert.Equal(["1 ok", "2 blocked", "3 ok", "4 ok", "2+ ok", "5 ok"], runner.Transcript);
        Assert.Empty(runner.Failures);
    }

    [Theory]
    [InlineData("ok", false, "test.vms:2: p1: wait p2: expected ok, saw blocked")]
    [InlineData("blocked", false, "")]
    [InlineData("blocked", true, "")]
    [InlineData("ECHILD", true, "test.vms:2: p1: wait p2: expected ECHILD, saw ok")]
    public void What_blocks_for_ever_fails_unless_that_is_expected(string expected, bool completes, string failure)
    {
        ScriptedMachine machine = new ScriptedMachine().Gives(2, ScriptResult.Blocked);
        ScriptRunner runner = new(
            Scenarios.Parse($"p1: fork p2\np1: wait p2 == {expected}\np2: exit"),
            completes ? machine.Completes(3, 2, ScriptResult.Ok) : machine);
        runner.RunThrough();
        Assert.Equal(failure, string.Join('\n', runner.Failures));
    }

    [Fact]
    public void A_run_can_stop_behind_a_line()
    {
        ScriptRunner runner = new(Scenarios.Parse("p1: maps\n\np1: maps\np1: exit"), new ScriptedMachine());
        runner.RunThrough(3);
        Assert.Equal(["1 ok", "3 ok"], runner.Transcript);
        Assert.True(runner.TryStep());
        Assert.False(runner.TryStep());
    }
}
