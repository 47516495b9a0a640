namespace BsdVm.Arm;

/// <summary>
/// The attributes that every descriptor of memory has, each kind at places of its own, under the manual's names.
/// Source: ARM DDI 0406C, B3.5.1, B3.7 and B3.8.
/// </summary>
public readonly record struct ArmAttributes
{
    /// <summary>AP[2:0], 0 to 7. With SCTLR.AFE=1, AP[0] is the access flag.</summary>
    public int AccessPermissions { get; init; }

    /// <summary>TEX[2:0], 0 to 7. With SCTLR.TRE=1, TEX[2:1] are software's.</summary>
    public int TypeExtension { get; init; }

    /// <summary>C.</summary>
    public bool Cacheable { get; init; }

    /// <summary>B.</summary>
    public bool Bufferable { get; init; }

    /// <summary>S.</summary>
    public bool Shareable { get; init; }

    /// <summary>nG: the translation belongs to the current ASID alone.</summary>
    public bool NotGlobal { get; init; }

    /// <summary>XN: fetches are refused.</summary>
    public bool ExecuteNever { get; init; }
}
