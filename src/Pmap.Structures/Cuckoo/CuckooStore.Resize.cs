namespace BsdVm.Structures;

/// <content>Changes of size: new ways beside the old ones, and slots that move bit by bit.</content>
internal sealed partial class CuckooStore
{
    // The smallest table that the slots in use would have grown to.
    public override void Trim()
    {
        if (_nextBits != 0 && !TryFinish())
        {
            return;
        }

        int bits = FirstBits;
        while (IsFull(_used, bits))
        {
            bits++;
        }

        if (bits < _bits && TryStart(bits))
        {
            TryFinish();
        }
    }

    private bool TryStart(int bits)
    {
        if (!TryTakeWays(bits, _nextBases))
        {
            return false;
        }

        _nextBits = bits;
        Array.Clear(_pointers);
        _recentGroup = ulong.MaxValue;
        WriteControl();
        return true;
    }

    private bool TryFinish()
    {
        while (_nextBits != 0)
        {
            if (!MoveSome(int.MaxValue))
            {
                return false;
            }
        }

        return true;
    }

    // Moves slots of the old ways, from the way that lags most, and ends the change of size with the last. False if one finds no place.
    private bool MoveSome(int count)
    {
        while (count > 0)
        {
            int way = _pointers[0] <= _pointers[1] && _pointers[0] <= _pointers[2] ? 0 : _pointers[1] <= _pointers[2] ? 1 : 2;
            if (_pointers[way] == 1UL << _bits)
            {
                EndChange();
                return true;
            }

            ulong slot = _bases[way] + (_pointers[way] << CuckooWalk.SlotShift);
            Array.Clear(_hand);
            Swap(slot);
            _pointers[way]++;
            WritePointer(way);
            if ((_hand[0] & CuckooWalk.InUse) == 0)
            {
                continue;
            }

            if (!TryPlace(way))
            {
                _pointers[way]--;
                WritePointer(way);
                Swap(slot);
                return false;
            }

            _moved++;
            count--;
        }

        return true;
    }

    private void EndChange()
    {
        GiveWays(_bits, _bases);
        Array.Copy(_nextBases, _bases, CuckooWalk.Ways);
        _bits = _nextBits;
        _nextBits = 0;
        _resizes++;
        WriteControl();
    }

    private bool TryTakeWays(int bits, ulong[] bases)
    {
        int frames = (int)(WayFrames(bits) / CuckooWalk.Ways);
        for (int way = 0; way < CuckooWalk.Ways; way++)
        {
            if (!TryTakeFrames(frames, out PhysicalAddress first))
            {
                // As every frame: not ahead of what is owed.
                System.Update();
                while (--way >= 0)
                {
                    GiveFrames(new(bases[way]), frames);
                }

                return false;
            }

            bases[way] = first.Value;
        }

        System.Counters.AddTableBytes(BytesOf(bits));
        return true;
    }

    private void GiveWays(int bits, ulong[] bases)
    {
        System.Counters.AddTableBytes(-BytesOf(bits));
        foreach (ulong first in bases)
        {
            GiveFrames(new(first), (int)(WayFrames(bits) / CuckooWalk.Ways));
        }
    }

    private void WriteControl()
    {
        Memory.Write64(_control, (ulong)(_bits | (_nextBits << 8)));
        for (int way = 0; way < CuckooWalk.Ways; way++)
        {
            ulong words = _control.Value + 8 + (ulong)(way * CuckooWalk.WayWords * 8);
            Memory.Write64(new(words), _bases[way]);
            Memory.Write64(new(words + 8), _nextBases[way]);
            Memory.Write64(new(words + 16), _nextBits != 0 ? _pointers[way] : 0);
        }
    }

    private void WritePointer(int way) =>
        Memory.Write64(new(_control.Value + 8 + (ulong)(way * CuckooWalk.WayWords * 8) + 16), _pointers[way]);
}
