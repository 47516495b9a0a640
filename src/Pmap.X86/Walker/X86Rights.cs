using System.Runtime.CompilerServices;

namespace BsdVm.X86;

/// <summary>
/// From the bits that all entries of a walk share to the rights of both modes, as tables that are computed when a register changes:
/// a walk then only looks up.
/// </summary>
internal sealed class X86Rights
{
    // By R/W, U/S (both anded over the levels) and XD (ored).
    private readonly ulong[] _byBits = new ulong[8];

    // What a protection key leaves, by key, for user pages; supervisor pages (the upper half) have no keys.
    private readonly ulong[] _byKey = new ulong[32];
    private readonly ulong _globalMask;

    public X86Rights(in X86Registers registers, bool hasProtectionKeys)
    {
        _globalMask = registers.Pge ? (ulong)TlbFlags.Global : 0;
        for (int bits = 0; bits < _byBits.Length; bits++)
        {
            bool writable = (bits & 1) != 0;
            bool user = (bits & 2) != 0;
            Protection fetch = (bits & 4) != 0 ? Protection.None : Protection.Execute;
            Protection rights = (writable ? Protection.ReadWrite : Protection.Read) | fetch;
            Protection kernel = registers.Wp ? rights : Protection.ReadWrite | fetch;
            _byBits[bits] = (ulong)(TlbFlags.Valid
                | TlbFlagsExtensions.Rights(user ? rights : Protection.None, PrivilegeMode.User)
                | TlbFlagsExtensions.Rights(kernel, PrivilegeMode.Supervisor));
        }

        Array.Fill(_byKey, ulong.MaxValue);
        for (int key = 0; key < 16 && hasProtectionKeys && registers.Pke; key++)
        {
            _byKey[key] = ~RefusedByKey(registers, key);
        }
    }

    /// <summary>The flags of a translation.</summary>
    /// <param name="all">And over the entries used.</param>
    /// <param name="any">Or over the entries used.</param>
    /// <param name="leaf">The entry that maps the page.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong all, ulong any, ulong leaf)
    {
        int bits = ((int)(all >> 1) & 3) | ((int)(any >> 63) << 2);
        int key = ((int)(leaf >> 59) & 15) | ((~(int)all & (int)X86EntryFlags.User) << 2);
        return (_byBits[bits] & _byKey[key]) | ((leaf & (ulong)X86EntryFlags.Dirty) << 1) | (leaf & _globalMask);
    }

    /// <summary>Whether the page's protection key refuses the access, whatever else does.</summary>
    public bool KeyRefuses(ulong all, ulong leaf, AccessKind access, PrivilegeMode mode)
    {
        ulong needed = (ulong)TlbFlagsExtensions.Rights(access.Right(), mode);
        return (all & (ulong)X86EntryFlags.User) != 0 && (_byKey[X86FourLevel.ProtectionKey(leaf)] & needed) == 0;
    }

    private static ulong RefusedByKey(in X86Registers registers, int key)
    {
        bool accessDisabled = (registers.Pkru >> (2 * key) & 1) != 0;
        bool writeDisabled = (registers.Pkru >> ((2 * key) + 1) & 1) != 0;
        Protection user = accessDisabled ? Protection.ReadWrite : writeDisabled ? Protection.Write : Protection.None;
        Protection kernel = accessDisabled ? Protection.ReadWrite : writeDisabled && registers.Wp ? Protection.Write : Protection.None;
        return (ulong)(TlbFlagsExtensions.Rights(user, PrivilegeMode.User) | TlbFlagsExtensions.Rights(kernel, PrivilegeMode.Supervisor));
    }
}
