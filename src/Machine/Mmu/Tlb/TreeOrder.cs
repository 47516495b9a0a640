using System.Numerics;

namespace BsdVm;

/// <summary>
/// Tree pseudo-LRU: the ways are the leaves of a binary tree; the bit of an inner node says in which half the next victim lies, and a
/// use turns every node on its path to the other half. Node 1 is the root, node n has children 2n and 2n+1, way w is leaf L+w, where L
/// is the number of ways rounded up to a power of two. Leaves behind the last way are absent, and a half without a way is skipped.
/// </summary>
internal readonly struct TreeOrder : ITlbOrder
{
    private readonly byte[] _towardsUpper;
    private readonly int _ways;
    private readonly int _leaves;

    public TreeOrder(int sets, int ways)
    {
        _ways = ways;
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)ways);
        _towardsUpper = new byte[sets * _leaves];
    }

    public void Touch(int set, int way)
    {
        Span<byte> nodes = _towardsUpper.AsSpan(set * _leaves, _leaves);
        for (int node = _leaves + way; node > 1; node >>= 1)
        {
            nodes[node >> 1] = (byte)(~node & 1);
        }
    }

    public void Filled(int set, int way) => Touch(set, way);

    public int Victim(int set)
    {
        ReadOnlySpan<byte> nodes = _towardsUpper.AsSpan(set * _leaves, _leaves);
        int node = 1;
        int half = _leaves >> 1;
        int first = 0;
        while (half > 0)
        {
            // The lower half always has a way.
            int upper = first + half < _ways ? nodes[node] : 0;
            node = (2 * node) + upper;
            first += upper * half;
            half >>= 1;
        }

        return first;
    }

    public void Reset() => Array.Clear(_towardsUpper);
}
