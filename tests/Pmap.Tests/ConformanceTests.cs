using BsdVm.Conformance;
using BsdVm.X86;

namespace BsdVm.Tests;

/// <summary>The contract on IA-32 tables.</summary>
public class TwoLevelConformance : PmapConformance
{
    protected override PmapBackend CreateBackend() => X86Backends.TwoLevel;
}

/// <summary>The contract on IA-32 tables with PAE.</summary>
public class PaeConformance : PmapConformance
{
    protected override PmapBackend CreateBackend() => X86Backends.Pae;
}

/// <summary>The contract on x86-64 tables.</summary>
public class FourLevelConformance : PmapConformance
{
    protected override PmapBackend CreateBackend() => X86Backends.FourLevel;
}

/// <summary>The contract where two neighbours become a large page as soon as they can.</summary>
[Properties(200)]
public class PromotingConformance : PmapConformance
{
    protected override PmapBackend CreateBackend() => new X86.TinyBackend(promotes: true);
}

/// <summary>The contract on the dictionary.</summary>
public class ReferenceConformance : PmapConformance
{
    protected override PmapBackend CreateBackend() => new ReferenceBackend();
}

/// <summary>The contract on a machine that keeps no bits, cannot refuse fetches, and has pages that can only be stored to.</summary>
public class PoorHardwareConformance : PmapConformance
{
    protected override PmapBackend CreateBackend() => new ReferenceBackend(new()
    {
        VirtualAddressBits = 32,
        PhysicalAddressBits = 32,
        UserLimit = 0x8000_0000,
        PageSizes = [PageSize.Base],
        NoExecute = false,
        ExecuteOnly = false,
        WriteOnly = true,
        HardwareReferenced = false,
        HardwareModified = false,
        TagBits = 0,
    });
}
