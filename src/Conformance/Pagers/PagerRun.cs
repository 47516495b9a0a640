using Xunit;

namespace BsdVm.Conformance;

/// <summary>A pager, three frames in a row of which the middle one takes its transfers, and what each page ought to hold.</summary>
internal sealed class PagerRun
{
    private const byte Guard = 0xC3;
    private readonly PagerTraits _traits;
    private readonly VmSystem _system;
    private readonly Pager _pager;
    private readonly Dictionary<ulong, byte> _held = [];
    private readonly PageFrameNumber[] _frames = new PageFrameNumber[3];
    private int _completed;

    public PagerRun(Func<VmSystem, Pager> create, PagerTraits traits)
    {
        _traits = traits;
        _system = new VmSystem(new VmConfiguration { Backend = new ReferenceBackend(), FrameCount = 64 });
        _pager = create(_system);
        for (int i = 0; i < _frames.Length; i++)
        {
            Assert.True(_system.Pages.Frames.TryAllocate(out _frames[i]));
        }
    }

    public Pager Pager => _pager;

    public void Perform(PagerOperation step)
    {
        ulong index = (ulong)step.Index;
        switch (step.Action)
        {
            case PagerAction.Put:
                Put(index, (byte)step.Value);
                break;
            case PagerAction.Free:
                _pager.FreePage(index);
                if (_traits.Forgets)
                {
                    _held.Remove(index);
                }

                break;
        }

        CheckPage(index);
    }

    public void Put(ulong index, byte value)
    {
        Fill(_frames[1], value);
        Assert.Equal(PagerStatus.Done, _pager.PutPage(index, _system.Machine.Memory, _frames[1]));
        CheckFrame(1, value);
        if (_traits.Keeps)
        {
            _held[index] = value;
        }
    }

    /// <summary>A look-up, and if the page is there, a transfer.</summary>
    public void CheckPage(ulong index)
    {
        byte? expected = _held.TryGetValue(index, out byte value) ? value : _traits.StartsWith;
        Assert.Equal(expected is null ? PagerLookup.Absent : PagerLookup.Present, _pager.HasPage(index));
        if (expected is { } held)
        {
            Get(index);
            CheckFrame(1, held);
        }
    }

    // The frame holds other bytes before; the frames beside it keep theirs; what is pending completes once, from the scheduler.
    private void Get(ulong index)
    {
        Array.ForEach(_frames, frame => Fill(frame, Guard));
        var transfer = new PagerTransfer();
        _completed = 0;
        transfer.Start(index, _frames[1], _system.Machine.Memory, _ => _completed++);
        PagerStatus status = _pager.GetPage(transfer);
        if (status == PagerStatus.Pending)
        {
            Assert.Equal(0, _completed);
            _system.Machine.Scheduler.RunUntilIdle();
            Assert.Equal(1, _completed);
            status = transfer.Status;
        }
        else
        {
            // What is over at once is not completed a second time.
            Assert.Equal(0, _completed);
        }

        Assert.Equal(PagerStatus.Done, status);
        CheckFrame(0, Guard);
        CheckFrame(2, Guard);
    }

    private void CheckFrame(int which, byte value)
    {
        int other = _system.Machine.Memory.Frame(_frames[which]).IndexOfAnyExcept(value);
        Assert.True(other < 0, $"Frame {which - 1} from that of the transfer: byte {other} is not {value}.");
    }

    private void Fill(PageFrameNumber frame, byte value)
    {
        Span<byte> bytes = stackalloc byte[(int)PageSize.BaseBytes];
        bytes.Fill(value);
        _system.Machine.Memory.Write(frame.Address, bytes);
    }
}
