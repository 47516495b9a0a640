namespace BsdVm.Arm;

/// <summary>The registers that translation depends on, each by its name in the manual. The short format: TTBCR.EAE is 0.</summary>
public readonly record struct ArmRegisters
{
    internal const uint Pd0Bit = 1 << 4;

    /// <summary>All as the pmap needs them: one table, domain 0 a client, access flag and TEX remap on.</summary>
    public ArmRegisters()
    {
    }

    /// <summary>
    /// TTBR0: the table for the lower addresses, 16 KB shifted right by TTBCR.N; attributes in the bits below are ignored.
    /// </summary>
    public uint Ttbr0 { get; init; }

    /// <summary>TTBR1: the table for the upper addresses, always 16 KB; unused with TTBCR.N=0.</summary>
    public uint Ttbr1 { get; init; }

    /// <summary>TTBCR: N in bits 2:0, PD0 in bit 4, PD1 in bit 5; the others are ignored.</summary>
    public uint Ttbcr { get; init; }

    /// <summary>DACR: two bits a domain: 00 no access, 01 client, 11 manager; 10 is reserved and gives no access.</summary>
    public uint Dacr { get; init; } = 1;

    /// <summary>SCTLR.AFE: AP[0] is the access flag, and its absence a fault.</summary>
    public bool Afe { get; init; } = true;

    /// <summary>SCTLR.TRE: TEX[2:1] are software's. It changes memory types only, so no translation depends on it here.</summary>
    public bool Tre { get; init; } = true;

    /// <summary>CONTEXTIDR[7:0]: the address-space identifier of translations with nG=1.</summary>
    public byte Asid { get; init; }

    /// <summary>TTBCR.N: how many of the top address bits choose between the tables.</summary>
    public int N => (int)Ttbcr & 7;

    /// <summary>TTBCR.PD0: no walks by TTBR0.</summary>
    public bool Pd0 => (Ttbcr & Pd0Bit) != 0;

    /// <summary>TTBCR.PD1: no walks by TTBR1.</summary>
    public bool Pd1 => (Ttbcr >> 5 & 1) != 0;

    /// <summary>The first address that TTBR1 translates, 2^(32-N); 2^32 if there is none.</summary>
    public ulong Split => 1UL << (32 - N);

    /// <summary>Where the table of TTBR0 starts.</summary>
    public ulong LowerTable => Ttbr0 & ~((1u << (14 - N)) - 1);

    /// <summary>Where the table of TTBR1 starts.</summary>
    public ulong UpperTable => Ttbr1 & ~0x3FFFu;
}
