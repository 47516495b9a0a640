using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>Walks of hash tables with chains in words.</summary>
internal static class ChainText
{
    public static string Split(PageTag tag, long bucket, VirtualAddress address) =>
        $"page {tag.Page} of space {tag.Space}, bucket 0x{bucket:x}, offset 0x{address.OffsetInPage:x}";

    /// <summary>The head of a bucket.</summary>
    public static WalkStep Head(WalkReference read, in TableRegisters registers, long bucket)
    {
        string meaning = read.Word == 0 ? "the chain is empty" : $"the chain begins at {new PhysicalAddress(read.Word)}";
        return new("head", new(registers.Root), (int)bucket, read.At, read.Word, sizeof(ulong), meaning);
    }

    /// <summary>An entry in a chain, that of 2^<paramref name="factor"/> pages.</summary>
    public static WalkStep Entry(WalkReference read, int number, in TableRegisters registers, int factor, ulong next)
    {
        string meaning = read.Found is { } found
            ? $"{Describe(new(read.Word), factor)}: {TablePte.Describe(found)}"
            : $"{Describe(new(read.Word), factor)}, {(next == 0 ? "and the chain ends" : $"so on to {new PhysicalAddress(next)}")}";
        return new("chain entry", new(registers.Root), number, read.At, read.Word, sizeof(ulong), meaning);
    }

    /// <summary>Whose entry it is.</summary>
    public static string Describe(PageTag tag, int factor) => factor == 0
        ? $"page {tag.Page} of space {tag.Space}"
        : $"pages {tag.Page}-{tag.Page + ((1UL << factor) - 1)} of space {tag.Space}";
}
