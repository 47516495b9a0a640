using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>The forward-mapped tree. See <see cref="RadixWalk{TLevels}"/>.</summary>
internal sealed class RadixStructure : LevelledStructure
{
    public override string Name => "radix";

    public override string Description => "a forward-mapped tree of 9 bits a level";

    protected override StructureMmu CreateMmu<TLevels>(StructureMachine machine, PhysicalMemory memory, int addressBits) =>
        machine.CreateMmu<RadixWalk<TLevels>>(memory, addressBits);
}
