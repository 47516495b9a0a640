using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>The linear array in virtual space. See <see cref="LinearWalk{TLevels}"/>.</summary>
internal sealed class LinearStructure : LevelledStructure
{
    public override string Name => "linear";

    public override string Description => "a linear array in virtual space with its nested miss";

    protected override StructureMmu CreateMmu<TLevels>(StructureMachine machine, PhysicalMemory memory, int addressBits) =>
        machine.CreateMmu<LinearWalk<TLevels>>(memory, addressBits);
}
