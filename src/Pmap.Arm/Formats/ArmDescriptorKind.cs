namespace BsdVm.Arm;

/// <summary>What a translation table descriptor is. Source: ARM DDI 0406C, B3.5.1.</summary>
public enum ArmDescriptorKind : byte
{
    /// <summary>Bits 1:0 are 00: a translation fault; the other bits are software's.</summary>
    Fault,

    /// <summary>First level, 01: leads to a second-level table of 256 descriptors, 1 KB.</summary>
    Table,

    /// <summary>First level, 1x with bit 18 clear: maps 1 MB.</summary>
    Section,

    /// <summary>First level, 1x with bit 18 set: maps 16 MB and stands in 16 neighbouring places.</summary>
    Supersection,

    /// <summary>Second level, 01: maps 64 KB and stands in 16 neighbouring places.</summary>
    LargePage,

    /// <summary>Second level, 1x: maps 4 KB.</summary>
    SmallPage,
}
