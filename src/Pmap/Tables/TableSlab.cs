namespace BsdVm;

/// <summary>
/// Tables smaller than a frame, several to a frame: takes a frame when all it has are full, and gives one back as soon as its last piece
/// goes. Pieces lie beside each other from the start of a frame and never cross its end. Counts frames and bytes for the pmap that owns it.
/// Source: Bonwick, "The Slab Allocator" (USENIX 1994), without its caches of made objects.
/// For tables that need room ahead of time, or pieces of several frames, there is <see cref="TablePool"/>, which keeps what is free.
/// </summary>
public sealed class TableSlab
{
    private struct Slot
    {
        public ulong Frame;
        public int Used;
        public bool IsListed;
    }

    private static readonly byte[] Zeros = new byte[PageSize.BaseBytes];

    private readonly PmapSystem _system;
    private readonly PageFrameNumber _below;
    private readonly int _perFrame;
    private readonly int _wordsPerSlot;
    private readonly Dictionary<ulong, int> _slotOf = [];
    private readonly Stack<int> _freeSlots = new();

    // Slots that may have room, each at most once; a full or unused one among them is dropped when it comes up.
    private readonly Stack<int> _partial = new();
    private Slot[] _slots = new Slot[8];
    private ulong[] _bits;
    private int _slotCount;

    /// <summary>An allocator without a frame.</summary>
    /// <param name="system">Gives the frames and counts them.</param>
    /// <param name="pieceBytes">The size of a piece: 8 to 4096, a multiple of 8.</param>
    /// <param name="below">All frames lie below this one.</param>
    public TableSlab(PmapSystem system, int pieceBytes, PageFrameNumber below)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pieceBytes & 7, 0, nameof(pieceBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceBytes, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieceBytes, (int)PageSize.BaseBytes);
        _system = system;
        _below = below;
        PieceBytes = pieceBytes;
        _perFrame = (int)PageSize.BaseBytes / pieceBytes;
        _wordsPerSlot = (_perFrame + 63) / 64;
        _bits = new ulong[_slots.Length * _wordsPerSlot];
    }

    /// <summary>The size of a piece in bytes.</summary>
    public int PieceBytes { get; }

    /// <summary>Pieces in use.</summary>
    public int PieceCount { get; private set; }

    /// <summary>Frames in use.</summary>
    public int FrameCount => _slotOf.Count;

    /// <summary>Takes a piece, filled with zeros. False, without any change, if that needs a frame and there is none.</summary>
    public bool TryTake(out PhysicalAddress piece)
    {
        if (!TryFindRoom(out int slot) && !TryAddSlot(out slot))
        {
            piece = default;
            return false;
        }

        piece = TakeIn(slot);
        _system.Machine.Memory.Write(piece, Zeros.AsSpan(0, PieceBytes));
        return true;
    }

    /// <summary>Gives a piece back, and its frame if it was the last one there.</summary>
    /// <exception cref="InvariantViolationException">It is not a piece in use.</exception>
    public void Free(PhysicalAddress piece)
    {
        int slot = SlotOf(piece, out int number);
        _bits[WordOf(slot, number)] &= ~(1UL << (number & 63));
        PieceCount--;
        _system.Counters.AddTableBytes(-PieceBytes);
        if (--_slots[slot].Used == 0)
        {
            GiveBack(slot);
        }
        else
        {
            List(slot);
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
        int from = SlotOf(piece, out _);
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

        moved = TakeIn(to);
        Span<byte> contents = stackalloc byte[PieceBytes];
        _system.Machine.Memory.Read(piece, contents);
        _system.Machine.Memory.Write(moved, contents);
        Free(piece);
        return true;
    }

    /// <summary>Gives every piece and frame back.</summary>
    public void Clear()
    {
        _system.Counters.AddTableBytes(-(long)PieceCount * PieceBytes);
        PieceCount = 0;
        for (int slot = 0; slot < _slotCount; slot++)
        {
            if (_slots[slot].Used > 0)
            {
                _slots[slot].Used = 0;
                _bits.AsSpan(slot * _wordsPerSlot, _wordsPerSlot).Clear();
                GiveBack(slot);
            }
        }
    }

    private bool IsDenser(int slot, int than) =>
        _slots[slot].Used > _slots[than].Used || (_slots[slot].Used == _slots[than].Used && _slots[slot].Frame < _slots[than].Frame);

    private bool TryFindRoom(out int slot)
    {
        while (_partial.TryPeek(out slot))
        {
            if (_slots[slot].Used > 0 && _slots[slot].Used < _perFrame)
            {
                return true;
            }

            _slots[slot].IsListed = false;
            _partial.Pop();
        }

        return false;
    }

    private bool TryAddSlot(out int slot)
    {
        slot = -1;
        if (!_system.Frames.TryAllocate(1, 1, _below, out PageFrameNumber frame))
        {
            return false;
        }

        if (!_freeSlots.TryPop(out slot))
        {
            slot = _slotCount++;
            if (slot == _slots.Length)
            {
                Array.Resize(ref _slots, slot * 2);
                Array.Resize(ref _bits, slot * 2 * _wordsPerSlot);
            }
        }

        _slots[slot].Frame = frame.Value;
        _slotOf.Add(frame.Value, slot);
        _system.Counters.AddTableFrames(1);
        List(slot);
        return true;
    }

    private PhysicalAddress TakeIn(int slot)
    {
        int number = 0;
        Span<ulong> words = _bits.AsSpan(slot * _wordsPerSlot, _wordsPerSlot);
        while (words[number >> 6] == ulong.MaxValue)
        {
            number += 64;
        }

        number += System.Numerics.BitOperations.TrailingZeroCount(~words[number >> 6]);
        words[number >> 6] |= 1UL << (number & 63);
        _slots[slot].Used++;
        PieceCount++;
        _system.Counters.AddTableBytes(PieceBytes);
        return new PageFrameNumber(_slots[slot].Frame).Address + (ulong)(number * PieceBytes);
    }

    private void GiveBack(int slot)
    {
        _slotOf.Remove(_slots[slot].Frame);
        _freeSlots.Push(slot);
        _system.Counters.AddTableFrames(-1);
        _system.Frames.Free(new(_slots[slot].Frame), 1);
    }

    private void List(int slot)
    {
        if (!_slots[slot].IsListed)
        {
            _slots[slot].IsListed = true;
            _partial.Push(slot);
        }
    }

    private int SlotOf(PhysicalAddress piece, out int number)
    {
        number = (int)(piece.Value & PageSize.Base.OffsetMask) / PieceBytes;
        if (!_slotOf.TryGetValue(piece.Frame.Value, out int slot) || (_bits[WordOf(slot, number)] >> (number & 63) & 1) == 0)
        {
            throw new InvariantViolationException("TABLE-SLAB", $"the table at {piece}", "a piece in use", "none");
        }

        return slot;
    }

    private int WordOf(int slot, int number) => (slot * _wordsPerSlot) + (number >> 6);
}
