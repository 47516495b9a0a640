namespace BsdVm.Arm;

/// <summary>
/// A translation table descriptor of the short format, decoded. Every bit of the word is in it but those that should be zero:
/// encoding what was decoded gives the word again. Source: ARM DDI 0406C, B3.5.1.
/// </summary>
public readonly record struct ArmDescriptor
{
    private const uint TypeTable = 0b01;
    private const uint TypeLargePage = 0b01;
    private const uint TypeMemory = 0b10;
    private const uint SupersectionBit = 1u << 18;

    /// <summary>What it is.</summary>
    public ArmDescriptorKind Kind { get; init; }

    /// <summary>
    /// The second-level table, aligned to 1 KB, or the memory, aligned to its size; 40 bits in supersections, 32 elsewhere.
    /// </summary>
    public ulong Base { get; init; }

    /// <summary>The domain, 0 to 15, in tables and sections; 0 in supersections; pages have that of their table.</summary>
    public int Domain { get; init; }

    /// <summary>NS, in descriptors of the first level.</summary>
    public bool NonSecure { get; init; }

    /// <summary>PXN, in descriptors of the first level: privileged fetches are refused.</summary>
    public bool PrivilegedExecuteNever { get; init; }

    /// <summary>Bit 9 of descriptors of the first level, which the implementation defines.</summary>
    public bool ImplementationDefined { get; init; }

    /// <summary>The attributes of memory; none in tables.</summary>
    public ArmAttributes Attributes { get; init; }

    /// <summary>The base-2 logarithm of the size of what it maps: 24, 20, 16 or 12; 0 for tables and faults.</summary>
    public int PageShift => Kind switch
    {
        ArmDescriptorKind.Supersection => 24,
        ArmDescriptorKind.Section => 20,
        ArmDescriptorKind.LargePage => 16,
        ArmDescriptorKind.SmallPage => 12,
        _ => 0,
    };

    /// <summary>In how many neighbouring places the descriptor stands: 16 or 1.</summary>
    public int Repeats => Kind is ArmDescriptorKind.Supersection or ArmDescriptorKind.LargePage ? 16 : 1;

    /// <summary>What a word of a first-level table says. On a processor with PXN, type 11 is memory as 10 is.</summary>
    public static ArmDescriptor DecodeFirst(uint word)
    {
        if ((word & 3) == 0)
        {
            return default;
        }

        var common = new ArmDescriptor { ImplementationDefined = Bit(word, 9), Domain = (int)(word >> 5) & 15 };
        if ((word & 3) == TypeTable)
        {
            return common with
            {
                Kind = ArmDescriptorKind.Table,
                Base = word & 0xFFFF_FC00,
                NonSecure = Bit(word, 3),
                PrivilegedExecuteNever = Bit(word, 2),
            };
        }

        ArmDescriptor memory = common with
        {
            NonSecure = Bit(word, 19),
            PrivilegedExecuteNever = Bit(word, 0),
            Attributes = SectionAttributes(word),
        };
        return (word & SupersectionBit) == 0
            ? memory with { Kind = ArmDescriptorKind.Section, Base = word & 0xFFF0_0000 }
            : memory with
            {
                Kind = ArmDescriptorKind.Supersection,
                Base = (word & 0xFF00_0000) | ((ulong)(word >> 20 & 15) << 32) | ((ulong)(word >> 5 & 15) << 36),
                Domain = 0,
            };
    }

    /// <summary>What a word of a second-level table says.</summary>
    public static ArmDescriptor DecodeSecond(uint word)
    {
        if ((word & 3) == 0)
        {
            return default;
        }

        bool isSmall = (word & TypeMemory) != 0;
        return new()
        {
            Kind = isSmall ? ArmDescriptorKind.SmallPage : ArmDescriptorKind.LargePage,
            Base = word & (isSmall ? 0xFFFF_F000 : 0xFFFF_0000),
            Attributes = new()
            {
                AccessPermissions = (int)(word >> 4 & 3) | ((int)(word >> 9 & 1) << 2),
                TypeExtension = (int)(word >> (isSmall ? 6 : 12)) & 7,
                Cacheable = Bit(word, 3),
                Bufferable = Bit(word, 2),
                Shareable = Bit(word, 10),
                NotGlobal = Bit(word, 11),
                ExecuteNever = Bit(word, isSmall ? 0 : 15),
            },
        };
    }

    /// <summary>The word.</summary>
    public uint Encode() => Kind switch
    {
        ArmDescriptorKind.Table => (uint)Base | TypeTable | FirstCommon() | At(NonSecure, 3) | At(PrivilegedExecuteNever, 2),
        ArmDescriptorKind.Section => (uint)Base | FirstCommon() | EncodeSectionAttributes(),
        ArmDescriptorKind.Supersection =>
            (uint)(Base & 0xFF00_0000) | ((uint)(Base >> 32 & 15) << 20) | ((uint)(Base >> 36 & 15) << 5)
            | At(ImplementationDefined, 9) | SupersectionBit | EncodeSectionAttributes(),
        ArmDescriptorKind.LargePage =>
            (uint)Base | TypeLargePage | EncodePageAttributes() | ((uint)Attributes.TypeExtension << 12) | At(Attributes.ExecuteNever, 15),
        ArmDescriptorKind.SmallPage =>
            (uint)Base | TypeMemory | EncodePageAttributes() | ((uint)Attributes.TypeExtension << 6) | At(Attributes.ExecuteNever, 0),
        _ => 0,
    };

    private static ArmAttributes SectionAttributes(uint word) => new()
    {
        AccessPermissions = (int)(word >> 10 & 3) | ((int)(word >> 15 & 1) << 2),
        TypeExtension = (int)(word >> 12) & 7,
        Cacheable = Bit(word, 3),
        Bufferable = Bit(word, 2),
        Shareable = Bit(word, 16),
        NotGlobal = Bit(word, 17),
        ExecuteNever = Bit(word, 4),
    };

    private uint EncodeSectionAttributes() =>
        TypeMemory | At(PrivilegedExecuteNever, 0) | At(NonSecure, 19)
        | ((uint)(Attributes.AccessPermissions & 3) << 10) | ((uint)(Attributes.AccessPermissions >> 2) << 15)
        | ((uint)Attributes.TypeExtension << 12) | At(Attributes.Cacheable, 3) | At(Attributes.Bufferable, 2)
        | At(Attributes.Shareable, 16) | At(Attributes.NotGlobal, 17) | At(Attributes.ExecuteNever, 4);

    private uint EncodePageAttributes() =>
        ((uint)(Attributes.AccessPermissions & 3) << 4) | ((uint)(Attributes.AccessPermissions >> 2) << 9)
        | At(Attributes.Cacheable, 3) | At(Attributes.Bufferable, 2) | At(Attributes.Shareable, 10) | At(Attributes.NotGlobal, 11);

    private uint FirstCommon() => ((uint)Domain << 5) | At(ImplementationDefined, 9);

    private static uint At(bool value, int bit) => value ? 1u << bit : 0;

    private static bool Bit(uint word, int bit) => (word >> bit & 1) != 0;
}
