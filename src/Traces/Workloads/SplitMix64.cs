namespace BsdVm.Traces;

/// <summary>The generator splitmix64: every language reproduces its draws.</summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A draw below <paramref name="limit"/>, by remainder; the bias is part of the definition.</summary>
    public ulong Below(ulong limit) => Next() % limit;

    /// <summary>A draw of at least 0 and less than 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
