using BsdVm.Conformance;
using FsCheck;

namespace BsdVm.Tests;

/// <summary>What a random step does to a pmap and to the dictionary that it is compared with.</summary>
public enum DictionaryAction
{
    Enter,
    Remove,
    Collect,
}

/// <summary>One random step.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Region">In which region, counted modulo those that there are.</param>
/// <param name="Page">The page in the region.</param>
/// <param name="Pages">The pages of a range.</param>
/// <param name="Frame">The frame to enter.</param>
public readonly record struct DictionaryStep(DictionaryAction Action, int Region, int Page, int Pages, PageFrameNumber Frame)
{
    public const int FrameCount = 1500;

    public static Arbitrary<Steps<DictionaryStep>> Arbitrary => Steps.Drawn<DictionaryStep>(
        static random => new(
            random.Next(30) switch { 0 => DictionaryAction.Collect, < 8 => DictionaryAction.Remove, _ => DictionaryAction.Enter },
            random.Next(20),
            random.Next(64),
            random.Next(1, 8),
            new((ulong)random.Next(FrameCount))),
        3000);

    /// <summary>The pages among these regions, none of them above the limit.</summary>
    public AddressRange In(IReadOnlyList<VirtualAddress> regions, VirtualAddress limit)
    {
        VirtualAddress start = regions[Region % regions.Count] + ((ulong)Page * PageSize.BaseBytes);
        return new(start, Math.Min((ulong)Pages * PageSize.BaseBytes, limit - start));
    }
}
