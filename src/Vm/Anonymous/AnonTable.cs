namespace BsdVm;

/// <summary>
/// All anons: each is one page of anonymous memory, in a frame or with the pager, and counts the amap slots that hold it. Structs in one
/// array with a free list; 0 is none. Source: UVM <c>struct vm_anon</c>.
/// </summary>
internal sealed class AnonTable
{
    private struct Anon
    {
        public int RefCount;

        // The frame that holds it, 0 if it is with the pager; the next free anon while it is free.
        public int Frame;
    }

    private readonly VmSystem _system;
    private Anon[] _anons = new Anon[1024];
    private int _free;
    private int _used = 1;

    public AnonTable(VmSystem system)
    {
        _system = system;
        Pager = system.CreateAnonymousPager();
    }

    /// <summary>Where anons without a frame are, by number.</summary>
    public AnonymousPager Pager { get; }

    public int Count { get; private set; }

    /// <summary>Numbers handed out so far, free ones included.</summary>
    public int Limit => _used;

    public int RefCountOf(int anon) => _anons[anon].RefCount;

    public int FrameOf(int anon) => _anons[anon].Frame;

    /// <summary>A new anon with one reference that holds a loose frame.</summary>
    public int Allocate(PageFrameNumber frame)
    {
        int anon = _free;
        if (anon != 0)
        {
            _free = _anons[anon].Frame;
        }
        else
        {
            if (_used == _anons.Length)
            {
                Array.Resize(ref _anons, _used * 2);
            }

            anon = _used++;
        }

        _anons[anon].RefCount = 1;
        Count++;
        SetFrame(anon, frame);
        return anon;
    }

    public void Reference(int anon) => _anons[anon].RefCount++;

    /// <summary>One slot less holds it; the last one's end frees its page.</summary>
    public void Release(int anon)
    {
        if (--_anons[anon].RefCount > 0)
        {
            return;
        }

        Pager.FreePage((ulong)anon);
        int frame = _anons[anon].Frame;
        if (frame != 0)
        {
            FreeFrame(anon, new((ulong)frame));
        }

        _anons[anon].Frame = _free;
        _free = anon;
        Count--;
    }

    public void SetFrame(int anon, PageFrameNumber frame)
    {
        ref VmPage page = ref _system.Pages[frame];
        page.Use = FrameUse.Anon;
        page.Anon = anon;
        _anons[anon].Frame = (int)frame.Value;
    }

    /// <summary>Takes the frame away from an anon and frees it; whoever maps it loses the mapping.</summary>
    public void FreeFrame(int anon, PageFrameNumber frame)
    {
        _anons[anon].Frame = 0;
        _system.UnmapEverywhere(frame);
        _system.Pages.Queues.Dequeue(frame);
        _system.FreeFrame(frame);
    }
}
