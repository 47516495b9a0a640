using System.Runtime.CompilerServices;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>A look-up in the one array of <see cref="FlatFormat"/>: one reference. Register: where the array starts.</summary>
internal readonly struct FlatWalk : ITableWalk
{
    public static bool HoldsPairs => false;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort
    {
        port.Execute(3);
        at = new(registers.Root + (address.Page.Value << FlatFormat.EntryShift));
        entry = FlatFormat.Widen(FlatFormat.HalfOf(port.Read64(at), at));
        return true;
    }

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) => FlatFormat.Mark(memory, at, isStore);
}
