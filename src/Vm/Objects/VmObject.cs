namespace BsdVm;

/// <summary>
/// A source of pages: a file, or anonymous memory, possibly in front of another object whose pages it hides one by one (a shadow).
/// Source: 4.4BSD <c>struct vm_object</c>. There is no <c>copy</c> object: as in FreeBSD, a private mapping of a file follows the file
/// until it is written. An object that nothing refers to any more is used again: one that was made for a caller is the caller's until
/// <see cref="VmSystem.ReleaseObject"/>, and one that a contract passes is valid during the call. <see cref="Snapshot"/> can be kept.
/// </summary>
public sealed partial class VmObject
{
    private readonly VmSystem _system;

    internal VmObject(VmSystem system, int id)
    {
        _system = system;
        Id = id;
    }

    /// <summary>A number that no other living object has.</summary>
    public int Id { get; internal set; }

    /// <summary>Map entries, shadows and transfers that refer to it; 0 for a cached file's object.</summary>
    public int RefCount { get; internal set; }

    /// <summary>The length; page indexes lie below it, except a file's, whose length the file says.</summary>
    public ulong SizeBytes { get; internal set; }

    /// <summary>The file, or null for anonymous memory.</summary>
    public Vnode? Vnode { get; internal set; }

    /// <summary>Where pages that are not resident are; null while no page ever left memory.</summary>
    public Pager? Pager { get; internal set; }

    /// <summary>The object behind this one: it has the pages that this one lacks.</summary>
    internal VmObject? Shadow { get; set; }

    /// <summary>Where this object's first byte lies in <see cref="Shadow"/>, in bytes.</summary>
    public ulong ShadowOffset { get; internal set; }

    /// <summary>Transfers under way.</summary>
    public int PagingInProgress { get; internal set; }

    /// <summary>Pages in memory.</summary>
    public int ResidentCount { get; internal set; }

    /// <summary>Objects that shadow this one.</summary>
    public int ShadowCount { get; private set; }

    /// <summary>Anonymous memory: nobody can name it, so nobody new can come to it.</summary>
    public bool IsAnonymous => Vnode is null && !HasOwnPager;

    /// <summary>
    /// Every page is reached by one map entry at most, though several entries may refer to the object. Source: FreeBSD
    /// <c>OBJ_ONEMAPPING</c>.
    /// </summary>
    internal bool HasOneMapping { get; set; }

    /// <summary>References that a caller of the library holds; the others can be counted.</summary>
    internal int HeldOutside { get; set; }

    /// <summary>
    /// It was made for a pager, whose pages private mappings must not change, and to which its modified pages go at the end.
    /// </summary>
    internal bool HasOwnPager { get; set; }

    internal int FirstPage { get; set; }

    internal ulong SizePages => SizeBytes / PageSize.BaseBytes;

    // The objects that shadow this one, as a list through them.
    private VmObject? _firstShadower;
    private VmObject? _nextShadower;
    private VmObject? _previousShadower;

    /// <summary>The resident pages: index and frame, in no order.</summary>
    public IEnumerable<(ulong Index, PageFrameNumber Frame)> ResidentPages
    {
        get
        {
            for (int frame = FirstPage; frame != 0; frame = _system.Pages[frame].ObjectNext)
            {
                yield return (_system.Pages[frame].Index, new((ulong)frame));
            }
        }
    }

    /// <summary>The resident page at an index.</summary>
    public bool TryGetPage(ulong index, out PageFrameNumber frame)
    {
        frame = new((ulong)_system.Pages.Hash.Lookup(this, index));
        return frame.Value != 0;
    }

    /// <summary>Makes a recycled object new.</summary>
    internal void Reset(ulong sizeBytes)
    {
        RefCount = 1;
        SizeBytes = sizeBytes;
        Vnode = null;
        Pager = null;
        HasOneMapping = true;
        HeldOutside = 0;
        HasOwnPager = false;
        Shadow = null;
        ShadowOffset = 0;
    }

    /// <summary>Puts this object in front of <paramref name="backing"/> (or of nothing), taking over one reference to it.</summary>
    internal void SetShadow(VmObject? backing, ulong offset)
    {
        if (Shadow is not null)
        {
            UnlinkShadower(Shadow);
        }

        Shadow = backing;
        ShadowOffset = backing is null ? 0 : offset;
        if (backing is not null)
        {
            _previousShadower = null;
            _nextShadower = backing._firstShadower;
            if (_nextShadower is not null)
            {
                _nextShadower._previousShadower = this;
            }

            backing._firstShadower = this;
            backing.ShadowCount++;
        }
    }

    private void UnlinkShadower(VmObject backing)
    {
        if (_previousShadower is null)
        {
            backing._firstShadower = _nextShadower;
        }
        else
        {
            _previousShadower._nextShadower = _nextShadower;
        }

        if (_nextShadower is not null)
        {
            _nextShadower._previousShadower = _previousShadower;
        }

        _previousShadower = null;
        _nextShadower = null;
        backing.ShadowCount--;
    }
}
