using BsdVm.Snapshots;
using BsdVm.Structures;
using BsdVm.Walks;

namespace BsdVm.Tests.Walkthrough;

/// <summary>One sorted array for all spaces, with room for twice the frames of the machine, that a walk searches by halves.</summary>
public sealed class SortedStructure : StoredStructure<SortedWalk>
{
    public override string Name => "sorted";
    public override string Description => "a sorted array that is searched by halves, one for all spaces";
    public override bool IsSizedByFrames => true;
    protected override TableStore CreateStore(PmapSystem system, StructureOptions options) => new SortedStore(system);
}

/// <summary>Entries of 16 bytes, tag and PTE. In place of the first stands how many there are, which the walker keeps.</summary>
public readonly struct SortedWalk : ITableWalk
{
    public const int EntryBytes = 16;
    public static bool HoldsPairs => false;
    public static bool SharesLines => true;

    public static bool TryWalk<TPort>(
        ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        (entry, at) = (0, default);
        ulong tag = PageTag.Of(address, registers.Space).Value;
        (ulong low, ulong high) = (1, port.ReadRegister64(new(registers.Root)) + 1);
        while (low < high)
        {
            ulong middle = (low + high) / 2;
            var place = new PhysicalAddress(registers.Root + (middle * EntryBytes));
            ulong found = port.Read64(place);
            port.Execute(7);
            if (found == tag)
            {
                at = place + 8;
                entry = port.ReadBeside64(at, place);
                return true;
            }
            (low, high) = found < tag ? (middle + 1, high) : (low, middle);
        }
        return false;
    }

    public static WalkStep Describe(ReadOnlySpan<WalkReference> reads, int number, in TableRegisters registers, VirtualAddress address)
    {
        WalkReference read = reads[number];
        bool isBelow = read.Word < PageTag.Of(address, registers.Space).Value;
        string meaning = read.Found is { } entry ? TablePte.Describe(entry) : isBelow ? "on above it" : "on below it";
        int index = (int)((read.At.Value - registers.Root) / EntryBytes);
        return new("entry", new(registers.Root), index, read.At, read.Word, 8, $"page {new PageTag(read.Word).Page}: {meaning}");
    }
}

/// <summary>The software half: keeps the array sorted. An insertion or a removal moves all that stands behind.</summary>
public sealed class SortedStore(PmapSystem system) : TableStore(system)
{
    private const int EntryBytes = SortedWalk.EntryBytes;
    private readonly int _room = 2 * system.ManagedFrames;
    private PhysicalAddress _array;
    private int _count;

    public override bool IsShared => true;
    public override long Frames => (long)(PageSize.Base.RoundUp((ulong)Use.Bytes) / PageSize.BaseBytes);
    public override PmapTableUse Use => new() { Bytes = (_room + 1L) * EntryBytes, Entries = _count };
    public override TableRegisters Registers(int space) => new(_array.Value, (ulong)space);

    public override bool TryBegin()
    {
        bool begun = TryTakeFrames((int)Frames, out _array);
        System.Counters.AddTableBytes(begun ? Use.Bytes : 0);
        return begun;
    }

    public override bool TryRead(PageTag tag, out ulong entry)
    {
        bool found = TryFind(tag, out ulong at);
        entry = found ? Memory.Read64(new(at + 8)) & TablePte.Mask : 0;
        return found;
    }

    public override bool TryReserve(PageTag tag)
    {
        bool isThere = TryFind(tag, out ulong at);
        if (isThere || _count == _room)
        {
            return isThere;
        }
        SetCount(_count + 1);
        for (ulong to = At(_count); to > at; to -= EntryBytes)
        {
            PutEntry(to, Read(to - EntryBytes), Memory.Read64(new(to - 8)));
        }
        PutEntry(at, tag.Value, TablePte.Reserved);
        return true;
    }

    public override void Write(PageTag tag, ulong entry)
    {
        TryFind(tag, out ulong at);
        PutEntry(at, tag.Value, entry == 0 ? TablePte.Reserved : entry);
    }

    public override void Release(PageTag tag)
    {
        if (TryFind(tag, out ulong at))
        {
            SetCount(_count - 1);
            for (; at <= At(_count); at += EntryBytes)
            {
                PutEntry(at, Read(at + EntryBytes), Memory.Read64(new(at + EntryBytes + 8)));
            }
        }
    }

    public override void End()
    {
        System.Counters.AddTableBytes(-Use.Bytes);
        GiveFrames(_array, (int)Frames);
    }

    public override TableSnapshot Snapshot(string backend, int space) => new ArraySnapshot(
        backend, _array, EntryBytes, _room, [.. Enumerable.Range(1, _count).Where(index => TagAt(index).Space == space).Select(PictureOf)]);
    private TableEntry PictureOf(int index) =>
        SnapshotOf(index, TagAt(index).Page, new(At(index) + 8), Memory.Read64(new(At(index) + 8)));
    private PageTag TagAt(int index) => new(Memory.Read64(new(At(index))));
    private ulong At(int index) => _array.Value + (ulong)(index * EntryBytes);
    // Where a page's entry is or, if there is none, belongs.
    private bool TryFind(PageTag tag, out ulong at)
    {
        (int low, int high) = (1, _count + 1);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Read(At(middle)) < tag.Value ? (middle + 1, high) : (low, middle);
        }
        at = At(low);
        return low <= _count && TagAt(low) == tag;
    }

    private void SetCount(int count) => Memory.Write64(_array, (ulong)(_count = count));
    private void PutEntry(ulong at, ulong tag, ulong entry)
    {
        Put(at, tag);
        Memory.Write64(new(at + 8), entry);
    }
}
