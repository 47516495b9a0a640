using System.Runtime.CompilerServices;

namespace BsdVm.X86;

/// <summary>The entries that one plain walk read, root first.</summary>
internal struct X86Path
{
    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>The level of the last one.</summary>
    public int Level;

    /// <summary>Whether the last one maps a large page.</summary>
    public bool IsLarge;

    /// <summary>Why the walk stopped short of a page; None if it did not.</summary>
    public FaultReason Stop;

    /// <summary>And over the entries.</summary>
    public ulong All;

    /// <summary>Or over the entries.</summary>
    public ulong Any;

    /// <summary>The last entry.</summary>
    public ulong Leaf;

    /// <summary>Where each entry lies.</summary>
    public Buffer Addresses;

    /// <summary>Each entry.</summary>
    public Buffer Entries;

    [InlineArray(4)]
    public struct Buffer
    {
        private ulong _first;
    }
}
