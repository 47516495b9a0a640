using System.Collections.Immutable;

namespace BsdVm.X86;

/// <summary>The backends of this assembly.</summary>
public static class X86Backends
{
    /// <summary>IA-32 two-level tables: 4 KB pages, no protection against fetches, programs below 3 GB.</summary>
    public static PmapBackend TwoLevel { get; } = new X86Backend<X86TwoLevel>(
        "IA-32 page directory and page tables, 4-byte entries",
        new()
        {
            VirtualAddressBits = 32,
            PhysicalAddressBits = 32,
            UserLimit = 0xC0000000,
            PageSizes = [PageSize.Base, new(22)],
            NoExecute = false,
            ExecuteOnly = false,
            WriteOnly = false,
            HardwareReferenced = true,
            HardwareModified = true,
            TagBits = 0,
        });

    /// <summary>IA-32 tables with PAE: 36 physical address bits, XD, programs below 3 GB.</summary>
    public static PmapBackend Pae { get; } = new X86Backend<X86Pae>(
        "IA-32 tables with PAE, 8-byte entries, execute-disable",
        new()
        {
            VirtualAddressBits = 32,
            PhysicalAddressBits = 36,
            UserLimit = 0xC0000000,
            PageSizes = [PageSize.Base, new(21)],
            NoExecute = true,
            ExecuteOnly = false,
            WriteOnly = false,
            HardwareReferenced = true,
            HardwareModified = true,
            TagBits = 0,
        });

    /// <summary>
    /// x86-64 four-level tables: 4 KB pages with XD, execute-only by protection key, programs in the lower canonical half, PCIDs.
    /// </summary>
    public static PmapBackend FourLevel { get; } = new X86Backend<X86FourLevel>(
        "x86-64 four-level tables, 8-byte entries, execute-disable and protection keys",
        new()
        {
            VirtualAddressBits = 48,
            PhysicalAddressBits = 46,
            UserLimit = 0x7FFF_FFFF_F000,
            PageSizes = [PageSize.Base, new(21), new(30)],
            NoExecute = true,
            ExecuteOnly = true,
            WriteOnly = false,
            HardwareReferenced = true,
            HardwareModified = true,
            TagBits = 12,
        });

    /// <summary>All of them, the default one last.</summary>
    public static ImmutableArray<PmapBackend> All { get; } = [TwoLevel, Pae, FourLevel];
}
