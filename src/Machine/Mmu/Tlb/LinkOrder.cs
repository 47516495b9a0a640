namespace BsdVm;

/// <summary>
/// LRU or FIFO for any number of ways: one list a set through its entries, linked by index, with the set's anchor behind the entries.
/// </summary>
internal readonly struct LinkOrder : ITlbOrder
{
    private readonly Link[] _links;
    private readonly int _ways;
    private readonly int _anchors;
    private readonly bool _byUse;

    public LinkOrder(int sets, int ways, bool byUse)
    {
        _links = new Link[sets * (ways + 1)];
        _ways = ways;
        _anchors = sets * ways;
        _byUse = byUse;
        Reset();
    }

    public void Touch(int set, int way)
    {
        if (_byUse)
        {
            Filled(set, way);
        }
    }

    public void Filled(int set, int way)
    {
        Link[] links = _links;
        int entry = (set * _ways) + way;
        int anchor = _anchors + set;
        int newest = links[anchor].Older;
        if (newest == entry)
        {
            return;
        }

        Link mine = links[entry];
        links[mine.Newer].Older = mine.Older;
        links[mine.Older].Newer = mine.Newer;
        links[entry] = new(newer: anchor, older: newest);
        links[newest].Newer = entry;
        links[anchor].Older = entry;
    }

    public int Victim(int set) => _links[_anchors + set].Newer - (set * _ways);

    public void Reset()
    {
        for (int set = 0; _anchors + set < _links.Length; set++)
        {
            int first = set * _ways;
            int anchor = _anchors + set;
            for (int way = 0; way < _ways; way++)
            {
                _links[first + way] = new(
                    newer: way == 0 ? anchor : first + way - 1,
                    older: way == _ways - 1 ? anchor : first + way + 1);
            }

            _links[anchor] = new(newer: first + _ways - 1, older: first);
        }
    }

    // The list is a ring: on from the anchor towards older lies the newest entry, towards newer the oldest one.
    private struct Link(int newer, int older)
    {
        public int Newer = newer;
        public int Older = older;
    }
}
