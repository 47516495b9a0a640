namespace BsdVm;

/// <summary>How a process says it will use a range (madvise).</summary>
public enum VmAdvice : byte
{
    /// <summary>Nothing special.</summary>
    Normal,

    /// <summary>In no order: read-ahead is useless.</summary>
    Random,

    /// <summary>In order: pages behind are not needed again.</summary>
    Sequential,
}
