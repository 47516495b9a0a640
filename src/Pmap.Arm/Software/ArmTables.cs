using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BsdVm.Arm;

/// <summary>Reads and writes of descriptors in physical memory, as software does them.</summary>
internal static class ArmTables
{
    /// <summary>Descriptors of the first level.</summary>
    public const int FirstCount = 4096;

    /// <summary>Frames of a first-level table, 16 KB.</summary>
    public const int FirstFrames = 4;

    /// <summary>Descriptors of a second-level table.</summary>
    public const int SecondCount = 256;

    /// <summary>Bytes of a second-level table.</summary>
    public const int SecondBytes = 1024;

    // What one first-level descriptor covers.
    private static readonly PageSize Megabyte = new(20);

    private const int EntriesPerFrame = (int)PageSize.BaseBytes / 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstIndex(ulong address) => (int)(address >> 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SecondIndex(ulong address) => (int)(address >> 12) & (SecondCount - 1);

    /// <summary>The page that a second-level descriptor maps, in the megabyte of an address.</summary>
    public static ulong PageAt(ulong address, int second) => Megabyte.RoundDown(address) + ((ulong)second * PageSize.BaseBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhysicalAddress At(PhysicalAddress table, int index) => table + ((ulong)index << 2);

    /// <summary>Whether a first-level descriptor leads to a table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTable(uint first) => (first & 3) == 1;

    /// <summary>The table that it leads to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhysicalAddress TableOf(uint first) => new(first & ~(SecondBytes - 1UL));

    /// <summary>The first descriptor of a table at or behind <paramref name="from"/> that is not zero; -1 if there is none.</summary>
    public static int FirstUsed(PhysicalMemory memory, PhysicalAddress table, int from, int count)
    {
        int at = from;
        while (at < count)
        {
            PhysicalAddress entry = At(table, at);
            int offset = (int)entry.OffsetInPage / 4;
            int length = Math.Min(EntriesPerFrame - offset, count - at);
            int found = MemoryMarshal.Cast<byte, uint>(memory.Frame(entry.Frame)).Slice(offset, length).IndexOfAnyExcept(0U);
            if (found >= 0)
            {
                return at + found;
            }

            at += length;
        }

        return -1;
    }
}
