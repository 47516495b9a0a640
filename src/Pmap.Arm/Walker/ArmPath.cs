namespace BsdVm.Arm;

/// <summary>What one careful walk read.</summary>
internal struct ArmPath
{
    /// <summary>Descriptors read, 0 to 2.</summary>
    public int Count;

    /// <summary>Where the first-level descriptor lies, and the table that it is in.</summary>
    public ulong FirstAt;

    /// <summary>Start of the first-level table.</summary>
    public ulong FirstTable;

    /// <summary>The first-level descriptor.</summary>
    public uint First;

    /// <summary>Where the second-level descriptor lies.</summary>
    public ulong SecondAt;

    /// <summary>The second-level descriptor.</summary>
    public uint Second;

    /// <summary>Why the walk stopped short of memory; None if it did not.</summary>
    public ArmFaultStatus Stop;

    /// <summary>The descriptor that maps memory.</summary>
    public ArmDescriptor Leaf;

    /// <summary>The domain, always that of the first level.</summary>
    public int Domain;

    /// <summary>PXN, always that of the first level.</summary>
    public bool PrivilegedExecuteNever;
}
