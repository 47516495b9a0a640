using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BsdVm;

/// <summary>Reads and writes entries of radix tables in physical memory, as software does: no walker's code, only the format.</summary>
internal static class RadixTables<TFormat>
    where TFormat : struct, IRadixFormat
{
    public static int EntryCount(int level) => 1 << TFormat.IndexBits(level);

    /// <summary>Frames that a table of the level occupies.</summary>
    public static int FrameCount(int level) => Math.Max(1, (EntryCount(level) << TFormat.EntryShift) / (int)PageSize.BaseBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Index(ulong address, int level) => (int)(address >> TFormat.IndexShift(level)) & (EntryCount(level) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(PhysicalMemory memory, PhysicalAddress table, int index)
    {
        PhysicalAddress at = table + ((ulong)index << TFormat.EntryShift);
        return TFormat.EntryShift == 3 ? memory.Read64(at) : memory.Read32(at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(PhysicalMemory memory, PhysicalAddress table, int index, ulong entry)
    {
        PhysicalAddress at = table + ((ulong)index << TFormat.EntryShift);
        if (TFormat.EntryShift == 3)
        {
            memory.Write64(at, entry);
        }
        else
        {
            memory.Write32(at, (uint)entry);
        }
    }

    /// <summary>The first entry of a table at or behind <paramref name="from"/> that is not zero; -1 if there is none.</summary>
    public static int FirstUsed(PhysicalMemory memory, PhysicalAddress table, int from, int level)
    {
        int count = EntryCount(level);
        if (from < count && Read(memory, table, from) != 0)
        {
            return from;
        }

        int perFrame = (int)(PageSize.BaseBytes >> TFormat.EntryShift);
        for (int at = from; at < count; at = (at / perFrame + 1) * perFrame)
        {
            PhysicalAddress entry = table + ((ulong)at << TFormat.EntryShift);
            if (!memory.IsWritten(entry.Frame))
            {
                continue;
            }

            ReadOnlySpan<byte> rest = memory.Frame(entry.Frame)[(int)entry.OffsetInPage..];
            rest = rest[..Math.Min(rest.Length, (count - at) << TFormat.EntryShift)];
            int found = TFormat.EntryShift == 3
                ? MemoryMarshal.Cast<byte, ulong>(rest).IndexOfAnyExcept(0UL)
                : MemoryMarshal.Cast<byte, uint>(rest).IndexOfAnyExcept(0U);
            if (found >= 0)
            {
                return at + found;
            }
        }

        return -1;
    }
}
