namespace BsdVm.X86;

/// <summary>The control registers that paging depends on, each bit by its name in the manual.</summary>
public readonly record struct X86Registers
{
    /// <summary>In a source of CR3 under CR4.PCIDE: what the TLBs keep under the PCID stays. It is not kept in CR3.</summary>
    public const ulong NoFlush = 1UL << 63;

    /// <summary>All as after a kernel has set up paging: WP, PSE, PGE, PCIDE, NXE and PKE on, PKRU as Linux starts programs.</summary>
    public X86Registers()
    {
    }

    /// <summary>
    /// CR3: the root table's physical address in bits 31:12, 31:5 (PAE) or 51:12. Bits 11:0 are the PCID where <see cref="Pcide"/> is in
    /// force; all others are ignored.
    /// </summary>
    public ulong Cr3 { get; init; }

    /// <summary>CR0.WP: the kernel, too, may not store through entries without R/W. A 386 has none and behaves as 0.</summary>
    public bool Wp { get; init; } = true;

    /// <summary>CR4.PSE: 4 MB pages in two-level tables.</summary>
    public bool Pse { get; init; } = true;

    /// <summary>CR4.PGE: G is honoured.</summary>
    public bool Pge { get; init; } = true;

    /// <summary>CR4.PCIDE: bits 11:0 of CR3 are the tag of what the TLBs keep (four levels only).</summary>
    public bool Pcide { get; init; } = true;

    /// <summary>EFER.NXE: XD is honoured, and not reserved.</summary>
    public bool Nxe { get; init; } = true;

    /// <summary>CR4.PKE: protection keys of user pages are honoured (four levels only).</summary>
    public bool Pke { get; init; } = true;

    /// <summary>
    /// PKRU: for key i, bit 2i (AD) refuses loads and stores, bit 2i+1 (WD) refuses stores. Here every key but 0 refuses both.
    /// Source: Linux <c>init_pkru</c>.
    /// </summary>
    public uint Pkru { get; init; } = 0x55555554;

    /// <summary>MAXPHYADDR, 32 to 52: address bits above are reserved in entries.</summary>
    public int PhysicalAddressBits { get; init; } = 46;
}
