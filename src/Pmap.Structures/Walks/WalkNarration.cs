using System.Collections.Immutable;

namespace BsdVm.Walks;

/// <summary>Tells what a walk reads, step by step, in the words of its structure. Nothing is counted or changed by it.</summary>
public static class WalkNarration
{
    /// <summary>The references of the walk for a page, as a walker that has no translation of any table makes them.</summary>
    /// <typeparam name="TWalk">The structure's walk.</typeparam>
    /// <param name="memory">Where the tables are.</param>
    /// <param name="registers">Where they begin.</param>
    /// <param name="address">An address in the page.</param>
    public static ImmutableArray<WalkStep> Of<TWalk>(PhysicalMemory memory, in TableRegisters registers, VirtualAddress address)
        where TWalk : struct, ITableWalk
    {
        var reads = new List<WalkReference>();
        var port = new NarrationPort(memory, reads);
        if (TWalk.TryWalk(ref port, in registers, address, out ulong entry, out PhysicalAddress at))
        {
            int last = reads.FindLastIndex(read => read.At == at || read.Beside.Any(word => word.At == at));
            reads[last] = reads[last] with { Found = entry };
        }

        var steps = ImmutableArray.CreateBuilder<WalkStep>();
        ReadOnlySpan<WalkReference> all = reads.ToArray();
        for (int number = 0; number < all.Length; number++)
        {
            if (!all[number].IsRegister)
            {
                steps.Add(TWalk.Describe(all, number, in registers, address));
            }
        }

        return steps.ToImmutable();
    }
}
