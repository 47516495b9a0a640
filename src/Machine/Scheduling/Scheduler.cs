namespace BsdVm;

/// <summary>
/// Runs step machines, one step at a time, in an order that depends on nothing but what was submitted: first come, first served,
/// then the machines that were woken, in the order in which they fell asleep. Timed events run when nothing else can.
/// </summary>
public sealed class Scheduler
{
    private readonly Queue<StepMachine> _ready = new();
    private readonly List<StepMachine> _asleep = [];
    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private long _eventOrder;

    /// <summary>Simulated time in ticks of no fixed length; only timed events move it.</summary>
    public long Now { get; private set; }

    /// <summary>
    /// Chooses which of the ready machines runs next: given how many there are (two or more), a position from 0 in the order in which they
    /// became ready. Null is the first. Tests go through all interleavings with it; what it answers is all that the order then depends on.
    /// </summary>
    public Func<int, int>? Choose { get; set; }

    /// <summary>Machines that wait for a wakeup.</summary>
    public int SleepingCount => _asleep.Count;

    /// <summary>Lets <paramref name="machine"/> run when its turn comes.</summary>
    public void Start(StepMachine machine) => _ready.Enqueue(machine);

    /// <summary>
    /// Runs <paramref name="action"/> once nothing is ready to run and <paramref name="ticks"/> have passed (transfers of pagers).
    /// </summary>
    public void After(long ticks, Action action) => _events.Enqueue(action, (Now + ticks, _eventOrder++));

    /// <summary>Makes everything ready that sleeps on <paramref name="channel"/>. Source: 4.4BSD <c>wakeup</c>.</summary>
    public void Wake(WaitChannel channel)
    {
        if (_asleep.Count == 0)
        {
            return;
        }

        for (int i = 0; i < _asleep.Count;)
        {
            if (_asleep[i].BlockedOn == channel)
            {
                _ready.Enqueue(_asleep[i]);
                _asleep.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Runs one step of one machine, or one timed event. False if there is nothing that could run.</summary>
    public bool RunStep()
    {
        SkipToChosen();
        if (_ready.TryDequeue(out StepMachine? machine))
        {
            switch (machine.Step())
            {
                case StepOutcome.Yield:
                    _ready.Enqueue(machine);
                    break;
                case StepOutcome.Blocked:
                    _asleep.Add(machine);
                    break;
            }

            return true;
        }

        if (_events.TryDequeue(out Action? action, out (long Time, long Order) key))
        {
            Now = key.Time;
            action();
            return true;
        }

        return false;
    }

    /// <summary>
    /// Runs <paramref name="machine"/> to its end, and whatever else has to run for that. What never has to wait is finished in this
    /// one call and allocates nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The machine waits for something that nobody will ever wake: a deadlock.</exception>
    public void RunToEnd(StepMachine machine)
    {
        while (true)
        {
            StepOutcome outcome = machine.Step();
            if (outcome == StepOutcome.Done)
            {
                return;
            }

            if (outcome == StepOutcome.Yield)
            {
                // Others take their turn at an unlock point only if they are ready; time does not pass here.
                if (_ready.Count > 0)
                {
                    RunStep();
                }

                continue;
            }

            _asleep.Add(machine);
            while (_asleep.Contains(machine))
            {
                if (!RunStep())
                {
                    throw new InvalidOperationException($"Deadlock: nothing will wake {machine.BlockedOn}.");
                }
            }

            // It was made ready: take it out of turn, since the caller waits for it.
            int others = _ready.Count;
            for (int i = 0; i < others; i++)
            {
                StepMachine next = _ready.Dequeue();
                if (!ReferenceEquals(next, machine))
                {
                    _ready.Enqueue(next);
                }
            }
        }
    }

    /// <summary>Runs until nothing is ready and no timed event is left.</summary>
    public void RunUntilIdle()
    {
        while (RunStep())
        {
        }
    }

    // Those passed over go to the end, in their order.
    private void SkipToChosen()
    {
        if (Choose is null || _ready.Count < 2)
        {
            return;
        }

        int chosen = Choose(_ready.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chosen, (uint)_ready.Count, nameof(Choose));
        for (; chosen > 0; chosen--)
        {
            _ready.Enqueue(_ready.Dequeue());
        }
    }
}
