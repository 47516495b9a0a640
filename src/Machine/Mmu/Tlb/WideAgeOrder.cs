using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BsdVm;

/// <summary>
/// As <see cref="AgeOrder"/>, for up to 64 ways. Not one type for both: .NET has no public vector of any length, and the 128 sets of a
/// second level would take four times the host's cache.
/// </summary>
internal readonly struct WideAgeOrder : ITlbOrder
{
    public const int MaximumWays = 64;

    private readonly Vector512<byte>[] _ages;
    private readonly byte _oldest;
    private readonly bool _byUse;

    public WideAgeOrder(int sets, int ways, bool byUse)
    {
        _ages = new Vector512<byte>[sets];
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
        ref Vector512<byte> ages = ref _ages[set];
        Vector512<byte> mine = Vector512.Create(Unsafe.Add(ref Unsafe.As<Vector512<byte>, byte>(ref ages), way));
        ages = Vector512.AndNot(ages - Vector512.LessThan(ages, mine), Vector512.Equals(ages, mine));
    }

    public int Victim(int set) =>
        BitOperations.TrailingZeroCount(Vector512.Equals(_ages[set], Vector512.Create(_oldest)).ExtractMostSignificantBits());

    public void Reset() => Array.Fill(_ages, Vector512<byte>.Indices);
}
