using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Cli.Tests.Mutations;

/// <summary>Which input of its kind, which command reads it, and what happened to it before.</summary>
public sealed record MutatedInput(int Input, int Command, Mutation[] Mutations)
{
    /// <summary>All of them; a failing one is tried again with fewer mutations.</summary>
    public static Arbitrary<MutatedInput> Arbitrary() => Arb.From(Any, Simpler);

    private static Gen<MutatedInput> Any =>
        from input in Gen.Choose(0, 9999)
        from command in Gen.Choose(0, 9999)
        from count in Gen.Frequency((6, Gen.Constant(1)), (3, Gen.Constant(2)), (2, Gen.Constant(4)))
        from mutations in One.ArrayOf(count)
        select new MutatedInput(input, command, mutations);

    private static Gen<Mutation> One =>
        from kind in Gen.Elements(Enum.GetValues<MutationKind>())
        from place in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(1, 40)
        from value in Gen.Choose(0, 0xffff)
        select new Mutation(kind, place, length, value);

    /// <summary>One input of a kind, damaged.</summary>
    public byte[] Apply(IReadOnlyList<byte[]> inputs) =>
        Mutations.Aggregate(inputs[Input % inputs.Count], static (bytes, mutation) => mutation.Apply(bytes));

    /// <inheritdoc/>
    public override string ToString() => $"input {Input}, command {Command}, {string.Join(", ", (IEnumerable<Mutation>)Mutations)}";

    private static IEnumerable<MutatedInput> Simpler(MutatedInput input)
    {
        for (int index = 0; index < input.Mutations.Length; index++)
        {
            yield return input with { Mutations = [.. input.Mutations[..index], .. input.Mutations[(index + 1)..]] };
        }
    }
}
