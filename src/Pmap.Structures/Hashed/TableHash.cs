using System.Runtime.CompilerServices;

namespace BsdVm.Structures;

/// <summary>
/// The hash of all tables here: the page address with the space number in its low 12 bits is turned by 12 bits, so that the page number
/// stands low, and mixed by two rounds of exclusive-or with itself shifted and an odd multiplication; the upper bits are the bucket.
/// Source: the finalizer family of D. Stafford ("Better Bit Mixing", variant 13).
/// </summary>
internal static class TableHash
{
    /// <summary>Instructions of the mix on a 64-bit MIPS: two multiplications, four shifts, constants in registers.</summary>
    public const int Instructions = 12;

    /// <summary>The hash of a tag; its upper bits are the bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong tag)
    {
        ulong word = System.Numerics.BitOperations.RotateRight(tag, PageSize.Base.Shift);
        word = (word ^ (word >> 30)) * 0xBF58_476D_1CE4_E5B9;
        word = (word ^ (word >> 27)) * 0x94D0_49BB_1331_11EB;
        return word ^ (word >> 31);
    }

    /// <summary>The base-2 logarithm of the number of buckets for so many frames: the next power of two.</summary>
    public static int BucketBits(int frames) => Math.Max(1, System.Numerics.BitOperations.Log2((uint)Math.Max(1, frames - 1)) + 1);
}
