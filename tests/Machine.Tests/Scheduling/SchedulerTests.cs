namespace BsdVm.Tests.Scheduling;

public class SchedulerTests
{
    private readonly Scheduler _scheduler = new();
    private readonly List<string> _log = [];

    [Fact]
    public void MachinesTakeTurnsInTheOrderTheyWereStarted()
    {
        _scheduler.Start(Make("a", StepOutcome.Yield, StepOutcome.Done));
        _scheduler.Start(Make("b", StepOutcome.Yield, StepOutcome.Yield, StepOutcome.Done));
        _scheduler.RunUntilIdle();
        Assert.Equal(["a0", "b0", "a1", "b1", "b2"], _log);
    }

    [Fact]
    public void AWakeupReadiesAllSleepersOfItsChannelAndNoOthers()
    {
        _scheduler.Start(Make("a", StepOutcome.Blocked, StepOutcome.Done));
        _scheduler.Start(Make("b", StepOutcome.Blocked, StepOutcome.Done).On(new(WaitKind.Page, 8)));
        _scheduler.Start(Make("c", StepOutcome.Blocked, StepOutcome.Done));
        _scheduler.RunUntilIdle();
        Assert.Equal(3, _scheduler.SleepingCount);

        _scheduler.Wake(Page7);
        _scheduler.RunUntilIdle();
        Assert.Equal(["a0", "b0", "c0", "a1", "c1"], _log);
        Assert.Equal(1, _scheduler.SleepingCount);
    }

    [Fact]
    public void EventsComeInTimeOrderWhenNothingElseCanRun()
    {
        _scheduler.After(10, () => _log.Add($"late {_scheduler.Now}"));
        _scheduler.After(5, () => _log.Add($"first {_scheduler.Now}"));
        _scheduler.After(5, () => _log.Add($"second {_scheduler.Now}"));
        _scheduler.Start(Make("a", StepOutcome.Yield, StepOutcome.Done));
        _scheduler.RunUntilIdle();
        Assert.Equal(["a0", "a1", "first 5", "second 5", "late 10"], _log);
        Assert.False(_scheduler.RunStep());
    }

    [Fact]
    public void RunToEndWaitsForWhatWakesIt()
    {
        _scheduler.After(5, () => _scheduler.Wake(Page7));
        _scheduler.Start(Make("other", StepOutcome.Yield, StepOutcome.Done));
        _scheduler.RunToEnd(Make("mine", StepOutcome.Blocked, StepOutcome.Yield, StepOutcome.Done));
        Assert.Equal(["mine0", "other0", "other1", "mine1", "mine2"], _log);
        Assert.Equal((5L, 0), (_scheduler.Now, _scheduler.SleepingCount));
    }

    [Fact]
    public void AYieldLetsOthersRunOneStep()
    {
        _scheduler.Start(Make("other", StepOutcome.Yield, StepOutcome.Done));
        _scheduler.RunToEnd(Make("mine", StepOutcome.Yield, StepOutcome.Done));
        Assert.Equal(["mine0", "other0", "mine1"], _log);
    }

    [Fact]
    public void WhatNobodyWillWakeIsADeadlock()
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(
            () => _scheduler.RunToEnd(Make("a", StepOutcome.Blocked, StepOutcome.Done)));
        Assert.Contains(Page7.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNeverWaitsAllocatesNothing()
    {
        var machine = new Counter();
        _scheduler.RunToEnd(machine);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 1000; run++)
        {
            _scheduler.RunToEnd(machine);
        }

        Assert.Equal((0L, 1001), (GC.GetAllocatedBytesForCurrentThread() - before, machine.Runs));
    }

    private static readonly WaitChannel Page7 = new(WaitKind.Page, 7);

    private Scripted Make(string name, params StepOutcome[] outcomes) => new(name, outcomes, _log);

    private sealed class Counter : StepMachine
    {
        public int Runs { get; private set; }

        public override StepOutcome Step()
        {
            Runs++;
            return StepOutcome.Done;
        }
    }

    private sealed class Scripted(string name, StepOutcome[] outcomes, List<string> log) : StepMachine
    {
        private WaitChannel _channel = Page7;
        private int _step;

        public Scripted On(WaitChannel channel)
        {
            _channel = channel;
            return this;
        }

        public override StepOutcome Step()
        {
            log.Add($"{name}{_step}");
            BlockedOn = outcomes[_step] == StepOutcome.Blocked ? _channel : default;
            return outcomes[_step++];
        }
    }
}
