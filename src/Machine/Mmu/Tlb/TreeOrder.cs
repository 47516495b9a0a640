namespace BsdVm;

/// <summary>
/// Tree pseudo-LRU: the ways are the leaves of a binary tree; the bit of an inner node says in which half the next victim lies, and a
/// use turns every node on its path to the other half. Node 1 is the root, node n has children 2n and 2n+1, way w is leaf ways+w.
/// </summary>
internal readonly struct TreeOrder : ITlbOrder
{
    private readonly byte[] _towardsUpper;
    private readonly int _ways;

    public TreeOrder(int sets, int ways)
    {
        _towardsUpper = new byte[sets * ways];
        _ways = ways;
    }

    public void Touch(int set, int way)
    {
        Span<byte> nodes = _towardsUpper.AsSpan(set * _ways, _ways);
        for (int node = _ways + way; node > 1; node >>= 1)
        {
            nodes[node >> 1] = (byte)(~node & 1);
        }
    }

    public void Filled(int set, int way) => Touch(set, way);

    public int Victim(int set)
    {
        ReadOnlySpan<byte> nodes = _towardsUpper.AsSpan(set * _ways, _ways);
        int node = 1;
        while (node < _ways)
        {
            node = (2 * node) + nodes[node];
        }

        return node - _ways;
    }

    public void Reset() => Array.Clear(_towardsUpper);
}
