using System.Globalization;

namespace BsdVm.Traces;

/// <summary>What a synthetic workload is made with. Each kind uses those that it has a use for.</summary>
internal sealed record WorkloadParameters
{
    /// <summary>Different pages of 4 KB.</summary>
    public ulong Pages { get; init; } = 65536;

    /// <summary>Accesses.</summary>
    public ulong References { get; init; } = 1_000_000;

    /// <summary>The start of all draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The lowest address, page aligned.</summary>
    public ulong Base { get; init; } = 0x1000_0000;

    /// <summary>Stores, in per cent of the accesses; the rest loads.</summary>
    public ulong Stores { get; init; } = 30;

    /// <summary>Bytes from one access to the next, a multiple of 8.</summary>
    public ulong Step { get; init; }

    /// <summary>The exponent of Zipf's law.</summary>
    public double Skew { get; init; } = 1;

    /// <summary>Pages of a run.</summary>
    public ulong Length { get; init; } = 16;

    /// <summary>The part of the address space that runs cover, above 0 and at most 1.</summary>
    public double Density { get; init; } = 0.1;

    /// <summary>Sets one by its name. Null, or what is wrong.</summary>
    public static string? TrySet(ref WorkloadParameters parameters, string name, string value)
    {
        switch (name)
        {
            case "pages":
                return TryCount(value, 1, 1UL << 30, out ulong pages)
                    ? Keep(ref parameters, parameters with { Pages = pages })
                    : "pages is 1 to 2^30";
            case "refs":
                return TryCount(value, 1, 1UL << 40, out ulong references)
                    ? Keep(ref parameters, parameters with { References = references })
                    : "refs is 1 to 2^40";
            case "seed":
                return TryCount(value, 0, ulong.MaxValue, out ulong seed)
                    ? Keep(ref parameters, parameters with { Seed = seed })
                    : "seed is a number of 64 bits";
            case "base":
                return TryCount(value, 0, 1UL << 62, out ulong start) && start % PageSize.BaseBytes == 0
                    ? Keep(ref parameters, parameters with { Base = start }) : "base is a page aligned address below 2^62";
            case "stores":
                return TryCount(value, 0, 100, out ulong stores)
                    ? Keep(ref parameters, parameters with { Stores = stores })
                    : "stores is 0 to 100 per cent";
            case "step":
                return TryCount(value, 8, 1UL << 40, out ulong step) && step % 8 == 0
                    ? Keep(ref parameters, parameters with { Step = step }) : "step is a multiple of 8 bytes, up to 2^40";
            case "skew":
                return TryNumber(value, out double skew) && skew is >= 0 and <= 10
                    ? Keep(ref parameters, parameters with { Skew = skew })
                    : "skew is 0 to 10";
            case "length":
                return TryCount(value, 1, 1UL << 20, out ulong length)
                    ? Keep(ref parameters, parameters with { Length = length })
                    : "length is 1 to 2^20 pages";
            case "density":
                return TryNumber(value, out double density) && density is >= 1e-9 and <= 1
                    ? Keep(ref parameters, parameters with { Density = density }) : "density is 1e-9 to 1";
            default:
                return $"unknown parameter '{name}'; valid: pages, refs, seed, base, stores, step, skew, length, density";
        }
    }

    private static string? Keep(ref WorkloadParameters parameters, WorkloadParameters changed)
    {
        parameters = changed;
        return null;
    }

    private static bool TryCount(string text, ulong least, ulong most, out ulong value)
    {
        bool isHex = text.StartsWith("0x", StringComparison.Ordinal);
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ulong.TryParse(isHex ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most;
    }

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out value);
}
