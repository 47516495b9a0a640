using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Conformance;

/// <summary>
/// A random sequence of steps as the argument of a property. A failing one is shortened by dropping steps, and is printed with one step a
/// line. Steps must stay valid whatever is dropped before them.
/// </summary>
/// <typeparam name="T">A step; its text says what it does.</typeparam>
/// <param name="Items">The steps, in order.</param>
public sealed record Steps<T>(ImmutableArray<T> Items)
{
    private const int LongestPrinted = 60;

    /// <summary>
    /// The sequences that lack a part of this one: a half, a quarter, ... a single step, at each place. Then, where
    /// <paramref name="simpler"/> is given, those with one step replaced by a simpler one.
    /// </summary>
    public IEnumerable<Steps<T>> Shorter(Func<T, IEnumerable<T>>? simpler = null)
    {
        for (int cut = (Items.Length + 1) / 2; cut > 0; cut = cut == 1 ? 0 : (cut + 1) / 2)
        {
            // From the end, because what follows the failure can go at once.
            for (int end = Items.Length; end > 0; end -= cut)
            {
                int start = Math.Max(0, end - cut);
                yield return new(Items.RemoveRange(start, end - start));
            }
        }

        for (int index = 0; simpler is not null && index < Items.Length; index++)
        {
            foreach (T step in simpler(Items[index]))
            {
                yield return new(Items.SetItem(index, step));
            }
        }
    }

    /// <summary>One numbered step a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Items.Length} steps");
        foreach ((int number, T step) in Items.Take(LongestPrinted).Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {number}: {step}");
        }

        return text.Append(Items.Length > LongestPrinted ? "\n  ..." : "").ToString();
    }
}

/// <summary>Makes generators of <see cref="Steps{T}"/> and of other large inputs.</summary>
public static class Steps
{
    private const int WholeSize = 100;

    /// <summary>
    /// Sequences of independent steps, whose length grows with FsCheck's size up to <paramref name="longest"/> at size 100.
    /// </summary>
    public static Arbitrary<Steps<T>> Of<T>(Gen<T> step, int longest, Func<T, IEnumerable<T>>? simpler = null) =>
        Arb.From(
            Gen.Sized(size => Gen.ArrayOf(step, LengthAt(size, longest)).Select(static steps => new Steps<T>([.. steps]))),
            steps => steps.Shorter(simpler));

    /// <summary>
    /// Sequences that are drawn from a <see cref="System.Random"/> whose seed FsCheck chooses: some twenty times as fast as combining
    /// generators, for sequences of thousands of steps.
    /// </summary>
    /// <param name="step">Draws the next step; its second argument is the one before, or the default value.</param>
    /// <param name="longest">The length at size 100.</param>
    /// <param name="simpler">Simpler steps in place of one.</param>
    public static Arbitrary<Steps<T>> Drawn<T>(Func<Random, T?, T> step, int longest, Func<T, IEnumerable<T>>? simpler = null) =>
        Arb.From(
            Gen.Sized(size => Draw(random => new Steps<T>(DrawAll(random, step, LengthAt(size, longest))))),
            steps => steps.Shorter(simpler));

    /// <summary>Sequences of independent steps that are drawn from a <see cref="System.Random"/>.</summary>
    public static Arbitrary<Steps<T>> Drawn<T>(Func<Random, T> step, int longest, Func<T, IEnumerable<T>>? simpler = null) =>
        Drawn<T>((random, _) => step(random), longest, simpler);

    /// <summary>Any one input that is drawn from a <see cref="System.Random"/> whose seed FsCheck chooses.</summary>
    public static Gen<T> Draw<T>(Func<Random, T> make) => Gen.Choose(0, int.MaxValue).Select(seed => make(new Random(seed)));

    private static int LengthAt(int size, int longest) => Math.Max(1, (int)((long)longest * Math.Min(size, WholeSize) / WholeSize));

    private static ImmutableArray<T> DrawAll<T>(Random random, Func<Random, T?, T> step, int length)
    {
        ImmutableArray<T>.Builder steps = ImmutableArray.CreateBuilder<T>(length);
        T? last = default;
        for (int count = 0; count < length; count++)
        {
            steps.Add(last = step(random, last));
        }

        return steps.MoveToImmutable();
    }
}
