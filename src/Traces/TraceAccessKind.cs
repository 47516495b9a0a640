namespace BsdVm.Traces;

/// <summary>What one recorded access does. The first three agree with <see cref="AccessKind"/>.</summary>
public enum TraceAccessKind : byte
{
    /// <summary>A data load.</summary>
    Load = 0,

    /// <summary>A data store.</summary>
    Store = 1,

    /// <summary>An instruction fetch.</summary>
    Fetch = 2,

    /// <summary>A load and then a store of the same bytes by one instruction; counted as one access.</summary>
    Modify = 3,
}
