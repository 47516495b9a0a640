using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// The pv lists: for each managed frame, who maps it and where. Entries are structs in one array with a free list; a list is linked both
/// ways, newest first. A frame whose list was once searched for long keeps an index of it, so that a removal costs the same however many
/// share the frame. Source: 4.4BSD <c>pv_entry </c>.
/// </summary>
internal sealed class PvTable
{
    // Nearly all frames have fewer mappings, and are found faster without an index.
    private const int LongSearch = 32;

    private struct PvEntry
    {
        public ulong Address;
        public int Pmap;
        public int Next;
        public int Previous;
    }

    private readonly int[] _heads;
    private readonly HashSet<ulong> _indexed = [];
    private readonly Dictionary<(ulong Frame, int Pmap, ulong Address), int> _index = [];
    private PvEntry[] _entries = new PvEntry[1024];
    private int _free;
    private int _used = 1;

    public PvTable(int frameCount) => _heads = new int[frameCount];

    public int Count { get; private set; }

    public int First(ulong frame) => _heads[frame];

    public int Next(int entry) => _entries[entry].Next;

    public int PmapOf(int entry) => _entries[entry].Pmap;

    public VirtualAddress AddressOf(int entry) => new(_entries[entry].Address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Insert(ulong frame, int pmap, VirtualAddress address)
    {
        int entry = _free;
        if (entry != 0)
        {
            _free = _entries[entry].Next;
        }
        else
        {
            if (_used == _entries.Length)
            {
                Array.Resize(ref _entries, _entries.Length * 2);
            }

            entry = _used++;
        }

        int head = _heads[frame];
        _entries[entry] = new PvEntry { Address = address.Value, Pmap = pmap, Next = head };
        _entries[head].Previous = entry;
        _heads[frame] = entry;
        Count++;
        if (_indexed.Count > 0 && _indexed.Contains(frame))
        {
            _index.Add((frame, pmap, address.Value), entry);
        }
    }

    public bool Remove(ulong frame, int pmap, VirtualAddress address)
    {
        bool isIndexed = _indexed.Count > 0 && _indexed.Contains(frame);
        int entry = isIndexed ? _index.GetValueOrDefault((frame, pmap, address.Value)) : Find(frame, pmap, address.Value);
        if (entry == 0)
        {
            return false;
        }

        Unlink(frame, entry);
        if (isIndexed)
        {
            _index.Remove((frame, pmap, address.Value));
            if (_heads[frame] == 0)
            {
                _indexed.Remove(frame);
            }
        }

        return true;
    }

    private int Find(ulong frame, int pmap, ulong address)
    {
        int steps = 0;
        int entry = _heads[frame];
        while (entry != 0 && (_entries[entry].Address != address || _entries[entry].Pmap != pmap))
        {
            entry = _entries[entry].Next;
            steps++;
        }

        if (steps > LongSearch && entry != 0)
        {
            AddIndex(frame, except: entry);
        }

        return entry;
    }

    private void AddIndex(ulong frame, int except)
    {
        _indexed.Add(frame);
        for (int entry = _heads[frame]; entry != 0; entry = _entries[entry].Next)
        {
            if (entry != except)
            {
                _index.Add((frame, _entries[entry].Pmap, _entries[entry].Address), entry);
            }
        }
    }

    private void Unlink(ulong frame, int gone)
    {
        ref PvEntry entry = ref _entries[gone];
        if (entry.Previous != 0)
        {
            _entries[entry.Previous].Next = entry.Next;
        }
        else
        {
            _heads[frame] = entry.Next;
        }

        if (entry.Next != 0)
        {
            _entries[entry.Next].Previous = entry.Previous;
        }

        entry.Next = _free;
        _free = gone;
        Count--;
    }
}
