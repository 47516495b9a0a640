namespace BsdVm;

/// <summary>What a child gets of a mapping at fork. Source: 4.4BSD <c>vm_inherit_t</c>; Zero is FreeBSD's and NetBSD's.</summary>
public enum VmInheritance : byte
{
    /// <summary>The same memory: stores of either are seen by both.</summary>
    Share,

    /// <summary>A copy as of the fork.</summary>
    Copy,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>Fresh anonymous zeros of the same range and rights.</summary>
    Zero,
}
