using System.Runtime.CompilerServices;


namespace BsdVm.Lab;

/// <summary>
/// What happened on the machine, in order, for other structures to do the same: walks in a word each, everything else beside.
/// </summary>
internal sealed class TableEvents
{
    public const int Capacity = 16384;

    private const ulong ChangeBit = 1;
    private const ulong MissBit = 2;
    private const int AccessShift = 2;
    private const int ChangeShift = 1;

    private readonly ulong[] _words = new ulong[Capacity];
    private readonly List<TableChange> _changes = [];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public ulong this[int index] => _words[index];

    public static bool IsChange(ulong word) => (word & ChangeBit) != 0;

    public static bool IsMiss(ulong word) => (word & MissBit) != 0;

    public static AccessKind AccessOf(ulong word) => (AccessKind)((word >> AccessShift) & 3);

    /// <summary>The page of a walk.</summary>
    public static VirtualAddress PageOf(ulong word) => new VirtualAddress(word).RoundDown(PageSize.Base);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddWalk(VirtualAddress address, AccessKind access, bool isMiss) =>
        _words[Count++] = address.RoundDown(PageSize.Base).Value | ((ulong)access << AccessShift) | (isMiss ? MissBit : 0);

    public void Add(in TableChange change)
    {
        _words[Count++] = ((ulong)_changes.Count << ChangeShift) | ChangeBit;
        _changes.Add(change);
    }

    public TableChange ChangeOf(ulong word) => _changes[(int)(word >> ChangeShift)];

    public void Clear()
    {
        Count = 0;
        _changes.Clear();
    }
}

/// <summary>Anything but a walk.</summary>
/// <param name="Kind">What.</param>
/// <param name="Pmap">The number of the machine's pmap.</param>
/// <param name="Call">The call of the contract; its frame is numbered by <see cref="FrameNumbering"/>.</param>
/// <param name="Phase">What the program was doing.</param>
/// <param name="Frames">The frames from here on, for <see cref="TableChangeKind.Resize"/>.</param>
/// <param name="Fault">The fault of a walk that found nothing.</param>
internal readonly record struct TableChange(
    TableChangeKind Kind, int Pmap, PmapCall Call = default, ReplayPhase Phase = default, int Frames = 0, MachineFault Fault = default);

/// <summary>The kinds of <see cref="TableChange"/>.</summary>
internal enum TableChangeKind : byte
{
    /// <summary>A call of the contract.</summary>
    Call,

    /// <summary>A walk ended in a fault.</summary>
    Fault,

    /// <summary>Another pmap is the loaded one.</summary>
    Switch,

    /// <summary>A pmap ended.</summary>
    Destroy,

    /// <summary>A process was forked.</summary>
    Fork,

    /// <summary>There are more frames.</summary>
    Resize,
}
