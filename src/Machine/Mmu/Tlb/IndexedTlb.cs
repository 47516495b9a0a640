namespace BsdVm;

/// <summary>
/// A TLB of any number of ways: an index finds the entry of a key, so that look-up costs the same however many ways there are.
/// </summary>
internal sealed class IndexedTlb<TOrder> : Tlb
    where TOrder : struct, ITlbOrder
{
    private readonly int _ways;
    private readonly KeyIndex _index;

    // What each entry holds, to find its slot again.
    private readonly ulong[] _keys;
    private readonly EntryState[] _states;
    private readonly SetUse[] _sets;
    private TOrder _order;

    public IndexedTlb(TlbGeometry geometry, TlbKeys keys, TOrder order)
        : base(geometry, keys)
    {
        _ways = geometry.Ways;
        _index = new(geometry.Entries);
        _keys = new ulong[geometry.Entries];
        _states = new EntryState[geometry.Entries];
        _sets = new SetUse[geometry.Sets];
        _order = order;
        ForgetAll();
    }

    private enum EntryState : byte
    {
        Free,
        Invalid,
        Valid,
    }

    internal override ulong Lookup(ulong key)
    {
        ref KeyIndex.Slot slot = ref _index.Find(key);
        if (slot.Translation != 0)
        {
            Touch(slot.Entry);
        }

        return slot.Translation;
    }

    internal override ulong LookupGlobal(ulong key) => IsGlobal(_index.Find(key).Translation) ? Lookup(key) : 0;

    internal override void Fill(ulong key, ulong translation)
    {
        if (TryUpgrade(key, translation))
        {
            Touch(_index.Find(key).Entry);
            return;
        }

        int set = SetOf(key);
        int entry = TakeEntry(set);
        ref KeyIndex.Slot slot = ref _index.Find(key);
        slot.Key = key;
        slot.Translation = translation;
        slot.Entry = entry;
        _keys[entry] = key;
        _states[entry] = EntryState.Valid;
        _order.Filled(set, entry - (set * _ways));
    }

    internal override bool TryUpgrade(ulong key, ulong translation)
    {
        ref KeyIndex.Slot slot = ref _index.Find(key);
        if (slot.IsFree)
        {
            return false;
        }

        if (slot.Translation == 0)
        {
            _states[slot.Entry] = EntryState.Valid;
            _sets[slot.Entry / _ways].Invalid--;
        }

        slot.Translation = translation;
        return true;
    }

    internal override void Invalidate(ulong key, bool onlyGlobal)
    {
        ref KeyIndex.Slot slot = ref _index.Find(key);
        if (slot.Translation != 0 && (!onlyGlobal || IsGlobal(slot.Translation)))
        {
            slot.Translation = 0;
            _states[slot.Entry] = EntryState.Invalid;
            _sets[slot.Entry / _ways].Invalid++;
        }
    }

    internal override void InvalidateRange(AddressRange range, uint tag)
    {
        for (int entry = 0; entry < _keys.Length; entry++)
        {
            if (_states[entry] == EntryState.Valid && IsIn(range, tag, _keys[entry], _index.Find(_keys[entry]).Translation))
            {
                Invalidate(_keys[entry], onlyGlobal: false);
            }
        }
    }

    internal override void Flush(bool keepGlobal)
    {
        if (!keepGlobal)
        {
            _index.Clear();
            _order.Reset();
            ForgetAll();
            return;
        }

        for (int entry = 0; entry < _keys.Length; entry++)
        {
            if (_states[entry] != EntryState.Free && !IsGlobal(_index.Find(_keys[entry]).Translation))
            {
                Forget(entry);
            }
        }
    }

    internal override void Collect(List<(ulong Key, ulong Translation)> entries)
    {
        for (int entry = 0; entry < _keys.Length; entry++)
        {
            if (_states[entry] == EntryState.Valid)
            {
                entries.Add((_keys[entry], _index.Find(_keys[entry]).Translation));
            }
        }
    }

    private void Touch(int entry)
    {
        int set = _sets.Length == 1 ? 0 : entry / _ways;
        _order.Touch(set, entry - (set * _ways));
    }

    private void ForgetAll()
    {
        Array.Clear(_states);
        Array.Fill(_sets, new() { Free = _ways });
    }

    private void Forget(int entry)
    {
        ref SetUse use = ref _sets[entry / _ways];
        use.Free++;
        use.Invalid -= _states[entry] == EntryState.Invalid ? 1 : 0;
        _index.Remove(_keys[entry]);
        _states[entry] = EntryState.Free;
    }

    // An entry of the set that has no slot in the index any more.
    private int TakeEntry(int set)
    {
        ref SetUse use = ref _sets[set];
        int first = set * _ways;
        ReadOnlySpan<EntryState> states = _states.AsSpan(first, _ways);
        if (use.Free > 0)
        {
            use.Free--;
            return first + states.IndexOf(EntryState.Free);
        }

        int way;
        if (use.Invalid > 0)
        {
            use.Invalid--;
            way = states.IndexOf(EntryState.Invalid);
        }
        else
        {
            way = _order.Victim(set);
        }

        _index.Remove(_keys[first + way]);
        return first + way;
    }

    private struct SetUse
    {
        public int Free;
        public int Invalid;
    }
}
