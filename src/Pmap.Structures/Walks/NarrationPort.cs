using System.Collections.Immutable;

namespace BsdVm.Walks;

/// <summary>A port that writes down what a walk reads. Its TLB is empty: a table in virtual space always takes its nested miss.</summary>
internal readonly struct NarrationPort(PhysicalMemory memory, List<WalkReference> reads) : IWalkPort
{
    public ulong Read64(PhysicalAddress address) => Note(address, isRegister: false);

    public ulong ReadAside64(PhysicalAddress address) => Note(address, isRegister: false);

    public ulong ReadBeside64(PhysicalAddress address, PhysicalAddress entry)
    {
        ulong word = memory.Read64(address);
        int index = reads.FindLastIndex(read => read.At == entry);
        reads[index] = reads[index] with { Beside = reads[index].Beside.Add((address, word)) };
        return word;
    }

    public ulong ReadRegister64(PhysicalAddress address) => Note(address, isRegister: true);

    public bool TryTranslateTable(ulong address, out PhysicalAddress physical)
    {
        physical = default;
        return false;
    }

    public void LoadTable(ulong address, PhysicalAddress even, PhysicalAddress odd)
    {
    }

    public void Execute(int instructions)
    {
    }

    private ulong Note(PhysicalAddress address, bool isRegister)
    {
        ulong word = memory.Read64(address);
        reads.Add(new(address, word, isRegister, ImmutableArray<(PhysicalAddress, ulong)>.Empty, null));
        return word;
    }
}
