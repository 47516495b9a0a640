using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm.Arm;

/// <content>A picture of the tables, read from memory without counting a reference.</content>
public sealed partial class ArmPmap
{
    private const int SectionShift = 20;

    /// <inheritdoc/>
    public override TableSnapshot Snapshot()
    {
        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        int index = ArmTables.FirstUsed(_memory, Root, 0, ArmTables.FirstCount);
        for (; index >= 0; index = ArmTables.FirstUsed(_memory, Root, index + 1, ArmTables.FirstCount))
        {
            PhysicalAddress at = ArmTables.At(Root, index);
            uint word = _memory.Read32(at);
            ArmDescriptor descriptor = ArmDescriptor.DecodeFirst(word);
            var first = new VirtualAddress((ulong)index << SectionShift);
            entries.Add(new(index, first, at, word, ArmDescriptorText.Describe(descriptor))
            {
                Below = descriptor.Kind == ArmDescriptorKind.Table ? SecondLevel(new(descriptor.Base), first) : null,
                Page = LargePage(first, descriptor),
            });
        }

        var covers = new AddressRange(new(0), (ulong)ArmTables.FirstCount << SectionShift);
        var root = new TableNode("first-level table of TTBR0", Root, covers, sizeof(uint), ArmTables.FirstCount, entries.ToImmutable());
        return new TreeSnapshot(Owner.Backend.Name, root);
    }

    private TableNode SecondLevel(PhysicalAddress table, VirtualAddress start)
    {
        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        int index = ArmTables.FirstUsed(_memory, table, 0, ArmTables.SecondCount);
        for (; index >= 0; index = ArmTables.FirstUsed(_memory, table, index + 1, ArmTables.SecondCount))
        {
            PhysicalAddress at = ArmTables.At(table, index);
            uint word = _memory.Read32(at);
            VirtualAddress first = (start.Page + (ulong)index).Address;
            ArmDescriptor descriptor = ArmDescriptor.DecodeSecond(word);
            entries.Add(new(index, first, at, word, ArmDescriptorText.Describe(descriptor))
            {
                Page = (word & ArmLeaf.SmallPage) != 0
                    ? new MappedPage(ArmLeaf.Decode(first, word), PageSize.Base)
                    : LargePage(first, descriptor),
            });
        }

        return new(
            "second-level table", table, new(start, 1UL << SectionShift), sizeof(uint), ArmTables.SecondCount, entries.ToImmutable());
    }

    // A large page or supersection has 16 descriptors that are alike; it is told once, at the first of them.
    private static MappedPage? LargePage(VirtualAddress first, in ArmDescriptor descriptor)
    {
        var size = new PageSize(descriptor.PageShift);
        if (size <= PageSize.Base || !first.IsAligned(size))
        {
            return null;
        }

        PmapFlags used = PmapFlags.Referenced | ((descriptor.Attributes.AccessPermissions & 4) == 0 ? PmapFlags.Modified : 0);
        var frame = new PhysicalAddress(descriptor.Base).Frame;
        return new MappedPage(new(first, frame, ArmLeaf.LargeRights(descriptor.Attributes), used), size);
    }
}
