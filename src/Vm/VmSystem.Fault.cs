namespace BsdVm;

public sealed partial class VmSystem
{
    private readonly Stack<VmFault> _spareFaults = new();
    private VmFault? _fault;

    /// <summary>
    /// Handles a page fault to its end, running whatever it has to wait for. What needs no wait allocates nothing. Source: 4.4BSD
    /// <c>vm_fault</c>.
    /// </summary>
    /// <param name="space">Whose fault it is.</param>
    /// <param name="address">Where.</param>
    /// <param name="access">What the access wants.</param>
    /// <returns>Success if the access can be tried again, else why not.</returns>
    public VmStatus Fault(VmSpace space, VirtualAddress address, AccessKind access)
    {
        VmFault fault = TakeFault();
        fault.Begin(space, address, access);
        Machine.Scheduler.RunToEnd(fault);
        VmStatus status = fault.Status;
        ReturnFault(fault);
        Pmaps.Update();
        return status;
    }

    /// <summary>A fault to be run by the machine's scheduler among others; <paramref name="completed"/> is told how it ended.</summary>
    public void StartFault(VmSpace space, VirtualAddress address, AccessKind access, Action<VmStatus> completed) =>
        Machine.Scheduler.Start(new ReportedFault(this, space, address, access, completed));

    /// <summary>A pager's transfer is over: the page is there for all who waited, or gone.</summary>
    internal void EndTransfer(PagerTransfer transfer)
    {
        Anonymous.EndPageIn(transfer.Frame, transfer.Status == PagerStatus.Done);
        Machine.Scheduler.Wake(new WaitChannel(WaitKind.Page, (long)transfer.Frame.Value));
    }

    /// <summary>Puts the frame of a transfer into its object, which lives at least until the transfer is over.</summary>
    internal void BeginObjectPageIn(in FaultPage page, PageFrameNumber frame)
    {
        VmObject owner = page.Object!;
        Pages.Hash.Insert(frame, owner, page.Index);
        Pages[frame].Busy = true;
        owner.PagingInProgress++;
        owner.HeldOutside++;
        owner.Reference();
    }

    /// <summary>The end of a transfer into an object's page.</summary>
    internal void EndObjectPageIn(PageFrameNumber frame, bool succeeded)
    {
        ref VmPage page = ref Pages[frame];
        VmObject owner = Objects[page.Object];
        page.Busy = false;
        owner.PagingInProgress--;
        // The file may have become shorter meanwhile.
        if (!succeeded || owner.Pager!.HasPage(page.Index) == PagerLookup.OutOfRange)
        {
            owner.FreePage(frame);
        }
        else
        {
            Pmaps.ClearModify(frame);
            page.Clean = true;
            Pages.Queues.Activate(frame);
        }

        owner.HeldOutside--;
        owner.Deallocate();
    }

    // One fault at a time is the rule; faults inside faults (wired pages) take a second machine.
    private VmFault TakeFault()
    {
        if (_fault is { } ready)
        {
            _fault = null;
            return ready;
        }

        return _spareFaults.TryPop(out VmFault? spare) ? spare : new VmFault(this);
    }

    private void ReturnFault(VmFault fault)
    {
        if (_fault is null)
        {
            _fault = fault;
        }
        else
        {
            _spareFaults.Push(fault);
        }
    }

    private sealed class ReportedFault(
        VmSystem system, VmSpace space, VirtualAddress address, AccessKind access, Action<VmStatus> completed)
        : StepMachine
    {
        private VmFault? _inner;

        public override StepOutcome Step()
        {
            if (_inner is null)
            {
                _inner = new VmFault(system);
                _inner.Begin(space, address, access);
            }

            StepOutcome outcome = _inner.Step();
            BlockedOn = _inner.BlockedOn;
            if (outcome == StepOutcome.Done)
            {
                system.Pmaps.Update();
                completed(_inner.Status);
            }

            return outcome;
        }
    }
}
