namespace BsdVm;

/// <summary>What <see cref="VmMap.Insert"/> is to map.</summary>
public readonly record struct VmMapRequest
{
    /// <summary>Where: page aligned, not empty, inside the map's bounds, and free.</summary>
    public required AddressRange Range { get; init; }

    /// <summary>The rights.</summary>
    public required Protection Protection { get; init; }

    /// <summary>The most that they may be raised to; everything if nothing is said.</summary>
    public Protection MaxProtection { get; init; } = Protection.All;

    /// <summary>What fork does with it.</summary>
    public VmInheritance Inheritance { get; init; } = VmInheritance.Copy;

    /// <summary>MAP_SHARED: stores reach the object. Needs an object.</summary>
    public bool IsShared { get; init; }

    /// <summary>Where the pages come from; null for private zeros.</summary>
    public VmObject? Object { get; init; }

    /// <summary>Where the range starts in the object, in bytes, page aligned.</summary>
    public ulong Offset { get; init; }

    /// <summary>Grows downwards (a stack).</summary>
    public bool GrowsDown { get; init; }

    /// <summary>How it will be used.</summary>
    public VmAdvice Advice { get; init; }

    /// <summary>A request with the defaults.</summary>
    public VmMapRequest()
    {
    }
}
