using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// The pv lists: for each managed frame, who maps it and where. Entries are structs in one array with a free list; a list is singly
/// linked, newest first. Source: 4.4BSD <c>pv_entry</c>.
/// </summary>
internal sealed class PvTable
{
    private struct PvEntry
    {
        public ulong Address;
        public int Pmap;
        public int Next;
    }

    private readonly int[] _heads;
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

        _entries[entry] = new PvEntry { Address = address.Value, Pmap = pmap, Next = _heads[frame] };
        _heads[frame] = entry;
        Count++;
    }

    public bool Remove(ulong frame, int pmap, VirtualAddress address)
    {
        ref int link = ref _heads[frame];
        while (link != 0)
        {
            ref PvEntry entry = ref _entries[link];
            if (entry.Address == address.Value && entry.Pmap == pmap)
            {
                int gone = link;
                link = entry.Next;
                entry.Next = _free;
                _free = gone;
                Count--;
                return true;
            }

            link = ref entry.Next;
        }

        return false;
    }
}
