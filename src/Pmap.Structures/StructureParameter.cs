using System.Globalization;
using System.Numerics;

namespace BsdVm.Structures;

/// <summary>A number that may stand in the name of a structure.</summary>
/// <param name="Meaning">What it is a number of: pages of an entry, address bits.</param>
/// <param name="Least">The least that is accepted.</param>
/// <param name="Most">The most that is accepted.</param>
/// <param name="Default">What it is where the name does not say.</param>
/// <param name="IsPowerOfTwo">Whether only powers of two are accepted.</param>
public sealed record StructureParameter(string Meaning, int Least, int Most, int Default, bool IsPowerOfTwo = false)
{
    /// <summary>Whether a number is accepted.</summary>
    public bool Allows(int number) => number >= Least && number <= Most && (!IsPowerOfTwo || BitOperations.IsPow2(number));

    /// <summary>The meaning, the range and the default.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Meaning}, {Least} to {Most}{(IsPowerOfTwo ? " by powers of two" : "")}, {Default} if left out");
}

/// <summary>The numbers in the name of a structure, or their defaults.</summary>
/// <param name="Parameter">The structure's own, 0 where it has none.</param>
/// <param name="AddressBits">Bits of a user address.</param>
public readonly record struct StructureOptions(int Parameter, int AddressBits);
