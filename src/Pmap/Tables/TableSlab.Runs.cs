namespace BsdVm;

/// <content>The frames: taking runs of them, and giving back those without a piece in use.</content>
public sealed partial class TableSlab
{
    /// <summary>Gives back frames of which no piece is in use, but for the first <paramref name="keep"/> of them.</summary>
    public void Trim(int keep)
    {
        var gone = new List<int>();
        for (int index = _order.Count - 1; index >= 0 && _order.Count - gone.Count > keep; index--)
        {
            if (_slots[_order[index]].Used == 0)
            {
                gone.Add(_order[index]);
            }
        }

        var goes = gone.ToHashSet();
        _order.RemoveAll(goes.Contains);
        foreach (int slot in gone.OrderBy(slot => _slots[slot].First))
        {
            GiveBack(slot);
        }
    }

    private bool TryAddRun()
    {
        if (!_system.Frames.TryAllocate(_runFrames, 1, _below, out PageFrameNumber frame))
        {
            return false;
        }

        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _slotCount++;
            if (slot == _slots.Length)
            {
                Array.Resize(ref _slots, slot * 2);
                Array.Resize(ref _next, slot * 2 * _perFrame);
                Array.Resize(ref _before, slot * 2 * _perFrame);
            }
        }

        _slots[slot] = new() { First = frame.Address };
        _slotOf.Add(frame.Value, slot);
        _order.Add(slot);
        _system.Counters.AddTableFrames(_runFrames);
        for (int piece = _perFrame - 1; piece >= 0; piece--)
        {
            int number = (slot * _perFrame) + piece;
            _before[number] = InUse;
            if (AddressOf(number).Value != 0)
            {
                Push(number);
            }
        }

        return true;
    }

    // None of its pieces is in use.
    private void GiveBack(int slot)
    {
        for (int number = slot * _perFrame; number < (slot + 1) * _perFrame; number++)
        {
            if (_before[number] != InUse)
            {
                Unlink(number);
            }
        }

        GiveFrames(slot);
    }

    private void GiveFrames(int slot)
    {
        PageFrameNumber first = _slots[slot].First.Frame;
        _slotOf.Remove(first.Value);
        _freeSlots.Push(slot);
        _system.Counters.AddTableFrames(-_runFrames);
        _system.Frames.Free(first, _runFrames);
    }
}
