using System.Runtime.CompilerServices;

namespace BsdVm.Mips;

/// <summary>A look-up in the one array of <see cref="FlatFormat"/>: one reference. Register: where the array starts.</summary>
internal readonly struct FlatTable : IRefillTable
{
    public static bool HoldsPairs => false;

    public static bool SharesLines => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, ulong address, out ulong entry, out ulong at)
        where TPort : struct, IRefillPort
    {
        port.Execute(3);
        at = registers.Root + (address >> PageSize.Base.Shift << 2);
        entry = FlatFormat.Widen((uint)(port.Read64(new(at)) >> (int)((at & 4) << 3)));
        return true;
    }

    public static void Mark(PhysicalMemory memory, ulong at, bool isStore) => FlatFormat.Mark(memory, at, isStore);
}
