namespace BsdVm;

/// <summary>
/// Pieces of table memory of one size: several to a frame, or each a run of adjacent frames. A piece comes zeroed, never crosses the end of
/// its frame unless it is larger, and is the one that was given back last if there is one. No piece stands at address 0, so that a link of
/// zero can mean none. Frames and bytes are counted for the pmap that owns it.
/// Source: Bonwick, "The Slab Allocator" (USENIX 1994), without its caches of made objects.
/// </summary>
public sealed partial class TableSlab
{
    private const int None = -1;
    private const int InUse = -2;

    // A run of frames, with room for so many pieces; one that was given back has neither pieces nor room.
    private struct Run
    {
        public PhysicalAddress First;
        public int Used;
        public int Free;
    }

    private readonly PmapSystem _system;
    private readonly PageFrameNumber _below;
    private readonly bool _keepsFrames;
    private readonly int _runFrames;
    private readonly int _perFrame;
    private readonly Dictionary<ulong, int> _slotOf = [];
    private readonly Stack<int> _freeSlots = new();

    // The runs in use, in the order in which they were taken.
    private readonly List<int> _order = [];

    // Free pieces, doubly linked from the one that was given back last; a piece's number is its run's times the pieces of one, and its own.
    private int _freeHead = None;
    private int[] _next;
    private int[] _before;
    private Run[] _slots = new Run[8];
    private int _slotCount;

    /// <summary>An allocator without a frame.</summary>
    /// <param name="system">Gives the frames and counts them.</param>
    /// <param name="pieceBytes">The size of a piece: a multiple of 8, above 4096 a multiple of that.</param>
    /// <param name="below">All frames lie below this one.</param>
    /// <param name="keepsFrames">
    /// Whether frames without a piece in use stay until <see cref="Trim"/>, so that a piece that was free can be had; otherwise a frame
    /// goes with its last piece.
    /// </param>
    public TableSlab(PmapSystem system, int pieceBytes, PageFrameNumber below, bool keepsFrames = false)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceBytes, 8);
        bool isWhole = pieceBytes <= (int)PageSize.BaseBytes ? pieceBytes % 8 == 0 : PageSize.Base.Divides((ulong)pieceBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(isWhole, true, nameof(pieceBytes));
        _system = system;
        _below = below;
        _keepsFrames = keepsFrames;
        PieceBytes = pieceBytes;
        _runFrames = (int)(PageSize.Base.RoundUp((ulong)pieceBytes) / PageSize.BaseBytes);
        _perFrame = _runFrames * (int)PageSize.BaseBytes / pieceBytes;
        _next = new int[_slots.Length * _perFrame];
        _before = new int[_slots.Length * _perFrame];
    }

    /// <summary>The size of a piece in bytes.</summary>
    public int PieceBytes { get; }

    /// <summary>Pieces in use.</summary>
    public int PieceCount { get; private set; }

    /// <summary>Pieces that can be had without a frame.</summary>
    public int FreeCount { get; private set; }

    /// <summary>Frames taken.</summary>
    public int FrameCount => _order.Count * _runFrames;

    /// <summary>Sees to it that so many pieces can be had. False, with nothing changed, if frames are missing.</summary>
    public bool TryReserve(int count)
    {
        int before = _order.Count;
        while (FreeCount < count)
        {
            if (!TryAddRun())
            {
                // As every frame: not ahead of what is owed.
                _system.Update();
                while (_order.Count > before)
                {
                    int last = _order[^1];
                    _order.RemoveAt(_order.Count - 1);
                    GiveBack(last);
                }

                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a piece, filled with zeros. False, without any change, if that needs a frame and there is none.</summary>
    public bool TryTake(out PhysicalAddress piece)
    {
        piece = default;
        while (_freeHead == None)
        {
            if (!TryAddRun())
            {
                return false;
            }
        }

        piece = Take(_freeHead);
        for (int word = 0; word < PieceBytes; word += 8)
        {
            _system.Machine.Memory.Write64(piece + (ulong)word, 0);
        }

        return true;
    }

    /// <summary>Gives a piece back.</summary>
    /// <exception cref="InvariantViolationException">It is not a piece in use.</exception>
    public void Free(PhysicalAddress piece)
    {
        int number = NumberOf(piece);
        int slot = number / _perFrame;
        _slots[slot].Used--;
        PieceCount--;
        _system.Counters.AddTableBytes(-PieceBytes);
        Push(number);
        if (_slots[slot].Used == 0 && !_keepsFrames)
        {
            _order.Remove(slot);
            GiveBack(slot);
        }
    }

    /// <summary>
    /// Moves a piece into the fullest other frame that has room, if that is at least as full as its own (of equals, to the one at the
    /// lower address). Repeated over all pieces until none moves, the pieces fill as few frames as they can.
    /// </summary>
    /// <param name="piece">The piece.</param>
    /// <param name="moved">Where its contents are now; whoever led to it must lead there.</param>
    /// <returns>Whether it was moved.</returns>
    public bool TryMove(PhysicalAddress piece, out PhysicalAddress moved)
    {
        int from = NumberOf(piece) / _perFrame;
        int to = from;
        for (int slot = 0; slot < _slotCount; slot++)
        {
            if (_slots[slot].Used > 0 && _slots[slot].Used < _perFrame && IsDenser(slot, to))
            {
                to = slot;
            }
        }

        if (to == from)
        {
            moved = default;
            return false;
        }

        int number = to * _perFrame;
        while (_before[number] == InUse)
        {
            number++;
        }

        moved = Take(number);
        for (int word = 0; word < PieceBytes; word += 8)
        {
            _system.Machine.Memory.Write64(moved + (ulong)word, _system.Machine.Memory.Read64(piece + (ulong)word));
        }

        Free(piece);
        return true;
    }

    /// <summary>Gives every piece and frame back.</summary>
    public void Clear()
    {
        _system.Counters.AddTableBytes(-(long)PieceCount * PieceBytes);
        PieceCount = 0;
        FreeCount = 0;
        _freeHead = None;
        foreach (int slot in _order)
        {
            _slots[slot].Used = 0;
            _slots[slot].Free = 0;
            GiveFrames(slot);
        }

        _order.Clear();
    }

    private bool IsDenser(int slot, int than) => _slots[slot].Free > 0
        && (_slots[slot].Used > _slots[than].Used || (_slots[slot].Used == _slots[than].Used && _slots[slot].First < _slots[than].First));

    private PhysicalAddress AddressOf(int number) => _slots[number / _perFrame].First + (ulong)(number % _perFrame * PieceBytes);

    private PhysicalAddress Take(int number)
    {
        Unlink(number);
        _slots[number / _perFrame].Used++;
        PieceCount++;
        _system.Counters.AddTableBytes(PieceBytes);
        return AddressOf(number);
    }

    private void Push(int number)
    {
        _next[number] = _freeHead;
        _before[number] = None;
        if (_freeHead != None)
        {
            _before[_freeHead] = number;
        }

        _freeHead = number;
        _slots[number / _perFrame].Free++;
        FreeCount++;
    }

    private void Unlink(int number)
    {
        if (_before[number] == None)
        {
            _freeHead = _next[number];
        }
        else
        {
            _next[_before[number]] = _next[number];
        }

        if (_next[number] != None)
        {
            _before[_next[number]] = _before[number];
        }

        _before[number] = InUse;
        _slots[number / _perFrame].Free--;
        FreeCount--;
    }

    private int NumberOf(PhysicalAddress piece)
    {
        PageFrameNumber frame = piece.Frame;
        if (_slotOf.TryGetValue(frame.Value, out int slot))
        {
            int number = (slot * _perFrame) + ((int)piece.OffsetInPage / PieceBytes);
            if (_before[number] == InUse && AddressOf(number) == piece && piece.Value != 0)
            {
                return number;
            }
        }

        throw new InvariantViolationException("TABLE-SLAB", $"the table at {piece}", "a piece in use", "none");
    }
}
