namespace BsdVm;

/// <summary>Which tables of a machine several pmaps use, and who they are. A table that only one pmap uses is not here.</summary>
internal sealed class SharedTables(PmapCounters counters)
{
    private readonly Dictionary<ulong, (List<Pmap> Sharers, long Bytes)> _tables = [];

    public bool IsShared(PhysicalAddress table) => _tables.Count > 0 && _tables.ContainsKey(table.Value);

    public IReadOnlyList<Pmap> SharersOf(PhysicalAddress table) => _tables[table.Value].Sharers;

    /// <summary>A pmap begins to use a table that another one, the only user or one of several, uses already.</summary>
    public void Join(PhysicalAddress table, Pmap donor, Pmap joining, int frames)
    {
        if (!_tables.TryGetValue(table.Value, out (List<Pmap> Sharers, long Bytes) entry))
        {
            entry = ([donor], frames * (long)PageSize.BaseBytes);
            _tables.Add(table.Value, entry);
        }

        entry.Sharers.Add(joining);
        counters.AddSharedTableBytes(entry.Bytes);
    }

    /// <summary>A pmap ceases to use a table. False if nobody else uses it, so that it is the caller's to give back.</summary>
    public bool TryLeave(PhysicalAddress table, Pmap leaving)
    {
        if (_tables.Count == 0 || !_tables.TryGetValue(table.Value, out (List<Pmap> Sharers, long Bytes) entry))
        {
            return false;
        }

        if (!entry.Sharers.Remove(leaving))
        {
            throw new InvariantViolationException("SHARED-TABLE", $"table at {table}", $"pmap {leaving.Id} among its sharers", "it is not");
        }

        counters.AddSharedTableBytes(-entry.Bytes);
        if (entry.Sharers.Count == 1)
        {
            _tables.Remove(table.Value);
        }

        return true;
    }
}
