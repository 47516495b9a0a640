using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>A look-up in the one array of <see cref="FlatFormat"/>: one reference. Register: where the array starts.</summary>
internal readonly struct FlatWalk : ITableWalk
{
    public static bool HoldsPairs => false;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(
        ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        port.Execute(3);
        at = new(registers.Root + (address.Page.Value << FlatFormat.EntryShift));
        entry = FlatFormat.Widen(FlatFormat.HalfOf(port.Read64(at), at));
        return true;
    }

    public static WalkStep Describe(
        ReadOnlySpan<WalkReference> reads, int number, in TableRegisters registers, VirtualAddress address)
    {
        PhysicalAddress at = reads[number].At;
        uint word = FlatFormat.HalfOf(reads[number].Word, at);
        string meaning = TablePte.Describe(word == 0 ? 0 : FlatFormat.Widen(word));
        return new("entry", new(registers.Root), (int)address.Page.Value, at, word, sizeof(uint), meaning);
    }

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => FlatFormat.Mark(memory, at, isStore);
}
