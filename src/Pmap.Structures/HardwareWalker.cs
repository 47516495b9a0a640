using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>A machine whose hardware walks any structure, as a state machine that runs the structure's walk.</summary>
public sealed class HardwareWalker : StructureMachine
{
    private HardwareWalker()
    {
    }

    /// <summary>The machine.</summary>
    public static HardwareWalker Instance { get; } = new();

    /// <inheritdoc/>
    public override string Prefix => "";

    /// <inheritdoc/>
    public override string Description => "a hardware walker";

    /// <inheritdoc/>
    public override bool KeepsBits => true;

    /// <inheritdoc/>
    public override StructureMmu CreateMmu<TWalk>(PhysicalMemory memory, int addressBits) => new WalkerMmu<TWalk>(memory, addressBits);
}
