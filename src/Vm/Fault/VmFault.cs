namespace BsdVm;

// The page fault, as a machine of five phases over one context:
//
//   LookUp   find the entry, check rights; before a store, make the entry's upper layer its own
//   Search   which layer has the page, and where is it        (the anonymous layer's Search)
//   PageIn   it is with a pager: bring it in, wait, and start over: while it waited, anything may have changed
//   Copy     a store must not change what others see, or no layer has the page: a fresh frame with a copy, or zeros
//   Enter    the pmap maps it, the page is put on its queue
//
// What the phases decide, case by case (UVM's fault diagram):
//
//                        load, fetch                       store
//   upper layer, own     map                               map writable
//   upper layer, shared  map without write                 copy up, map writable
//   lower object         map without write if private      private: copy up; shared: map writable
//   nowhere              zero page, or zero-filled frame    zero-filled frame
//
// Steps run without interruption, so no placeholder page has to hold the place in the first object while the chain is searched, as
// 4.4BSD's does: two faults on one address that wait for the same transfer run Search again, and the second finds what the first put.
// Source: 4.4BSD vm_fault(), UVM uvm_fault(). Each phase has a file of its own.
internal sealed partial class VmFault : StepMachine
{
    private enum Phase : byte
    {
        LookUp,
        Search,
        PageIn,
        Copy,
        Enter,
        Done,
    }

    private readonly VmSystem _system;
    private readonly PagerTransfer _transfer = new();
    private Phase _phase;
    private VmSpace _space = null!;
    private VirtualAddress _page;
    private AccessKind _wanted;
    private AccessKind _access;
    private bool _fetchWithoutRight;
    private bool _pagedIn;
    private bool _waits;
    private bool _isFresh;
    private VmMapEntry _entry = null!;
    private FaultPage _found;
    private PageFrameNumber _frame;
    private Protection _rights;

    public VmFault(VmSystem system) => _system = system;

    /// <summary>How it ended. <see cref="VmStatus.Success"/> means that the access can be tried again.</summary>
    public VmStatus Status { get; private set; }

    /// <summary>Takes up a fault of <paramref name="space"/>.</summary>
    public void Begin(VmSpace space, VirtualAddress address, AccessKind access)
    {
        _space = space;
        _page = address.RoundDown(PageSize.Base);
        _wanted = access;
        _pagedIn = false;
        _isFresh = false;
        _phase = Phase.LookUp;
    }

    /// <inheritdoc/>
    public override StepOutcome Step()
    {
        while (true)
        {
            switch (_phase)
            {
                case Phase.LookUp:
                    LookUp();
                    break;
                case Phase.Search:
                    Search();
                    break;
                case Phase.PageIn:
                    PageIn();
                    break;
                case Phase.Copy:
                    Copy();
                    break;
                case Phase.Enter:
                    Enter();
                    break;
                default:
                    return StepOutcome.Done;
            }

            if (_waits)
            {
                _waits = false;
                return StepOutcome.Blocked;
            }
        }
    }

    private void Finish(VmStatus status)
    {
        Status = status;
        _phase = Phase.Done;
    }

    // Sleeps until the frame's transfer is over, and starts over then.
    private void WaitFor(PageFrameNumber frame)
    {
        BlockedOn = new WaitChannel(WaitKind.Page, (long)frame.Value);
        _waits = true;
        _phase = Phase.LookUp;
    }
}
