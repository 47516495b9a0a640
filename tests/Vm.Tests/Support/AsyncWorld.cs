namespace BsdVm.Tests.Support;

/// <summary>
/// Faults and other work on one file whose pages take time to come, run step by step: each piece of work starts at a time that is chosen
/// (before, during, at the end of, or after a transfer), the ready list runs in an order that is chosen, and every rule is checked after
/// each step.
/// </summary>
internal sealed class AsyncWorld
{
    public const byte Fill = 5;
    public const int FilePages = 4;
    private const long Latency = 2;
    private readonly Interleavings _choices;

    public AsyncWorld(string layer, Interleavings choices, VmPolicy? policy = null)
    {
        _choices = choices;
        Vm = new TestVm(layer, policy, frames: 256);
        File = Vm.System.CreateVnode("f", FilePages * 4096, Fill);
        File.Pager.LatencyTicks = Latency;
        Reads = File.DecoratePager(static inner => new FailingPager(inner));
        Scheduler.Choose = choices.Next;
    }

    public TestVm Vm { get; }

    public Vnode File { get; }

    public FailingPager Reads { get; }

    public Scheduler Scheduler => Vm.System.Machine.Scheduler;

    /// <summary>A space that maps the whole file.</summary>
    public VmSpace Map(bool shared)
    {
        VmSpace space = Vm.NewSpace();
        Vm.MapFile(space, 0, FilePages, File, shared);
        return space;
    }

    /// <summary>A fault that starts at once.</summary>
    public Outcome Fault(VmSpace space, int page, AccessKind access)
    {
        var outcome = new Outcome();
        Vm.System.StartFault(space, TestVm.Page(page), access, outcome.Set);
        return outcome;
    }

    /// <summary>Work that takes its turn among the ready ones at any time around the first transfer.</summary>
    public void AtAnyTime(Action work)
    {
        long delay = _choices.Next((int)Latency + 3);
        if (delay == 0)
        {
            Scheduler.Start(new Once(work));
        }
        else
        {
            Scheduler.After(delay - 1, () => Scheduler.Start(new Once(work)));
        }
    }

    public void Run()
    {
        while (Scheduler.RunStep())
        {
            Vm.System.CheckInvariants();
        }

        Assert.Equal(0, Scheduler.SleepingCount);
        Assert.Equal(0, File.Object.PagingInProgress);
        // What a test looks at afterwards is no choice any more.
        Scheduler.Choose = null;
    }

    /// <summary>How a fault ended; it must have.</summary>
    internal sealed class Outcome
    {
        private VmStatus? _status;

        public VmStatus Status => _status ?? throw new InvalidOperationException("The fault never ended.");

        public void Set(VmStatus status)
        {
            Assert.Null(_status);
            _status = status;
        }
    }

    private sealed class Once(Action work) : StepMachine
    {
        public override StepOutcome Step()
        {
            work();
            return StepOutcome.Done;
        }
    }
}
