namespace BsdVm;

/// <summary>
/// Pieces of table memory of one size: many to a frame, or each a run of frames. Pieces come zeroed. Frames are given back by
/// <see cref="Trim"/> and not before, so that a piece that was free stays to be had.
/// For tables that come and go one at a time there is <see cref="TableSlab"/>, which gives frames back at once and can pack pieces.
/// </summary>
public sealed class TablePool
{
    private readonly PmapSystem _system;
    private readonly PageFrameNumber _below;
    private readonly int _runFrames;
    private readonly int _perRun;
    private readonly List<ulong> _runs = [];
    private readonly List<ulong> _free = [];

    /// <summary>An empty pool.</summary>
    /// <param name="system">Whose frames are taken.</param>
    /// <param name="pieceBytes">A multiple of 8; above 4096 a multiple of that.</param>
    /// <param name="below">Pieces lie below this frame.</param>
    public TablePool(PmapSystem system, int pieceBytes, PageFrameNumber below)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pieceBytes % 8, 0, nameof(pieceBytes));
        _system = system;
        _below = below;
        PieceBytes = pieceBytes;
        _runFrames = Math.Max(1, pieceBytes >> PageSize.Base.Shift);
        _perRun = (_runFrames << PageSize.Base.Shift) / pieceBytes;
    }

    /// <summary>The size of a piece.</summary>
    public int PieceBytes { get; }

    /// <summary>Pieces in use.</summary>
    public long UsedCount { get; private set; }

    /// <summary>Pieces that can be had without a frame.</summary>
    public int FreeCount => _free.Count;

    /// <summary>Frames taken.</summary>
    public long Frames => (long)_runs.Count * _runFrames;

    /// <summary>Sees to it that so many pieces can be had. False, with nothing changed, if frames are missing.</summary>
    public bool TryReserve(int count)
    {
        int before = _runs.Count;
        while (_free.Count < count)
        {
            if (!TryGrow())
            {
                GiveBackBehind(before);
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a piece, zeroed. False if there is none and no frame for more.</summary>
    public bool TryAllocate(out PhysicalAddress piece)
    {
        piece = default;
        if (_free.Count == 0 && !TryGrow())
        {
            return false;
        }

        piece = new(_free[^1]);
        _free.RemoveAt(_free.Count - 1);
        for (int word = 0; word < PieceBytes; word += 8)
        {
            _system.Machine.Memory.Write64(piece + (ulong)word, 0);
        }

        UsedCount++;
        _system.Counters.AddTableBytes(PieceBytes);
        return true;
    }

    /// <summary>Gives a piece back.</summary>
    public void Free(PhysicalAddress piece)
    {
        _free.Add(piece.Value);
        UsedCount--;
        _system.Counters.AddTableBytes(-PieceBytes);
    }

    /// <summary>Gives back frames of which no piece is in use, but for the first <paramref name="keep"/> of them.</summary>
    public void Trim(int keep)
    {
        var freeOf = new Dictionary<ulong, int>();
        foreach (ulong piece in _free)
        {
            freeOf[RunOf(piece)] = freeOf.GetValueOrDefault(RunOf(piece)) + 1;
        }

        int left = _runs.Count;
        var gone = new HashSet<ulong>();
        for (int run = _runs.Count - 1; run >= 0 && left > keep; run--)
        {
            if (freeOf.GetValueOrDefault(_runs[run]) == PiecesIn(_runs[run]))
            {
                gone.Add(_runs[run]);
                left--;
            }
        }

        _free.RemoveAll(piece => gone.Contains(RunOf(piece)));
        _runs.RemoveAll(gone.Contains);
        foreach (ulong run in gone.Order())
        {
            GiveBack(run);
        }
    }

    /// <summary>Gives everything back, pieces in use too.</summary>
    public void Destroy()
    {
        _system.Counters.AddTableBytes(-UsedCount * PieceBytes);
        UsedCount = 0;
        _free.Clear();
        foreach (ulong run in _runs)
        {
            GiveBack(run);
        }

        _runs.Clear();
    }

    private ulong RunOf(ulong piece) => _runFrames == 1 ? piece & ~PageSize.Base.OffsetMask : piece;

    // A link of zero means none in every table: the piece at address 0 is never handed out.
    private int PiecesIn(ulong run) => run == 0 ? _perRun - 1 : _perRun;

    private bool TryGrow()
    {
        if (!_system.Frames.TryAllocate(_runFrames, 1, _below, out PageFrameNumber first))
        {
            return false;
        }

        ulong run = first.Address.Value;
        _runs.Add(run);
        for (int piece = _perRun - 1; piece >= 0; piece--)
        {
            ulong at = run + (ulong)(piece * PieceBytes);
            if (at != 0)
            {
                _free.Add(at);
            }
        }

        _system.Counters.AddTableFrames(_runFrames);
        return true;
    }

    private void GiveBackBehind(int count)
    {
        while (_runs.Count > count)
        {
            // What was added last stands at the end of the free pieces.
            ulong run = _runs[^1];
            _runs.RemoveAt(_runs.Count - 1);
            _free.RemoveRange(_free.Count - PiecesIn(run), PiecesIn(run));
            GiveBack(run);
        }
    }

    private void GiveBack(ulong run)
    {
        _system.Counters.AddTableFrames(-_runFrames);
        _system.Frames.Free(new PhysicalAddress(run).Frame, _runFrames);
    }
}
