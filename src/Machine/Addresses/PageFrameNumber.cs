using System.Globalization;

namespace BsdVm;

/// <summary>The number of a 4 KB page frame of physical memory: its physical address divided by 4096.</summary>
public readonly record struct PageFrameNumber(ulong Value)
{
    /// <summary>The physical address of the frame's first byte.</summary>
    public PhysicalAddress Address => new(Value << PageSize.Base.Shift);

    /// <summary>Hexadecimal with <c>0x</c>.</summary>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
