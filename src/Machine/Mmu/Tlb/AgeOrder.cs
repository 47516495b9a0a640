using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BsdVm;

/// <summary>
/// LRU or FIFO for up to 16 ways: one byte a way holds its rank, 0 for the newest. The ranks of a set are a permutation, so that one
/// vector compare finds both the ranks to push down and the way itself.
/// </summary>
internal readonly struct AgeOrder : ITlbOrder
{
    public const int MaximumWays = 16;

    private readonly Vector128<byte>[] _ages;
    private readonly byte _oldest;
    private readonly bool _byUse;

    public AgeOrder(int sets, int ways, bool byUse)
    {
        _ages = new Vector128<byte>[sets];
        _oldest = (byte)(ways - 1);
        _byUse = byUse;
        Reset();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(int set, int way)
    {
        if (_byUse)
        {
            Filled(set, way);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Filled(int set, int way)
    {
        ref Vector128<byte> ages = ref _ages[set];
        Vector128<byte> mine = Vector128.Create(Unsafe.Add(ref Unsafe.As<Vector128<byte>, byte>(ref ages), way));

        // All in the register: a byte store into the vector would stall the next load of it. A true compare is -1, so this adds 1.
        ages = Vector128.AndNot(ages - Vector128.LessThan(ages, mine), Vector128.Equals(ages, mine));
    }

    public int Victim(int set) =>
        BitOperations.TrailingZeroCount(Vector128.Equals(_ages[set], Vector128.Create(_oldest)).ExtractMostSignificantBits());

    public void Reset() => Array.Fill(_ages, Vector128<byte>.Indices);
}
