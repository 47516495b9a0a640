namespace BsdVm;

/// <summary>A way drawn at random, or one drawn among all but the last used. The generator is splitmix64 started at 0.</summary>
internal readonly struct RandomOrder : ITlbOrder
{
    private readonly int[] _last;
    private readonly ulong[] _state;
    private readonly int _ways;
    private readonly bool _sparesLast;

    public RandomOrder(int sets, int ways, bool sparesLast)
    {
        _last = new int[sets];
        _state = new ulong[1];
        _ways = ways;
        _sparesLast = sparesLast && ways > 1;
    }

    public void Touch(int set, int way) => _last[set] = way;

    public void Filled(int set, int way) => _last[set] = way;

    public int Victim(int set)
    {
        if (!_sparesLast)
        {
            return Draw(_ways);
        }

        int way = Draw(_ways - 1);
        return way < _last[set] ? way : way + 1;
    }

    public void Reset() => Array.Clear(_last);

    // The high half of a product scales the draw without a division.
    private int Draw(int count)
    {
        ulong mixed = _state[0] += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)Math.BigMul(mixed ^ (mixed >> 31), (ulong)count, out _);
    }
}
