using System.Runtime.CompilerServices;

namespace BsdVm.Arm;

/// <content>The two levels of tables: finding, making, releasing and moving second-level tables.</content>
public sealed partial class ArmPmap
{
    private const ulong NoRegion = ulong.MaxValue;

    // The second-level table used last and the megabyte it covers: neighbouring operations skip the first level.
    private ulong _region = NoRegion;
    private PhysicalAddress _regionTable;

    /// <summary>Gives empty tables back, and moves the others together into as few frames as hold them.</summary>
    protected override void ReleaseEmptyTables()
    {
        _region = NoRegion;
        for (int index = NextTable(0); index >= 0; index = NextTable(index + 1))
        {
            PhysicalAddress table = ArmTables.TableOf(ReadFirst(index));
            if (ArmTables.FirstUsed(_memory, table, 0, ArmTables.SecondCount) < 0)
            {
                WriteFirst(index, 0);
                _tables.Free(table);
            }
        }

        while (MoveTablesTogether())
        {
        }
    }

    // The machine caches translations and no descriptors, so a table that moves with all its entries changes nothing for it.
    private bool MoveTablesTogether()
    {
        bool hasMoved = false;
        for (int index = NextTable(0); index >= 0; index = NextTable(index + 1))
        {
            uint first = ReadFirst(index);
            if (_tables.TryMove(ArmTables.TableOf(first), out PhysicalAddress moved))
            {
                WriteFirst(index, (first & (ArmTables.SecondBytes - 1)) | (uint)moved.Value);
                hasMoved = true;
            }
        }

        return hasMoved;
    }

    // The next first-level index, from one on, that leads to a table.
    private int NextTable(int from)
    {
        int index = ArmTables.FirstUsed(_memory, Root, from, ArmTables.FirstCount);
        while (index >= 0 && !ArmTables.IsTable(ReadFirst(index)))
        {
            index = ArmTables.FirstUsed(_memory, Root, index + 1, ArmTables.FirstCount);
        }

        return index;
    }

    private uint ReadFirst(int index)
    {
        Owner.Counters.TableReferences++;
        return _memory.Read32(ArmTables.At(Root, index));
    }

    private void WriteFirst(int index, uint first)
    {
        Owner.Counters.TableReferences++;
        _memory.Write32(ArmTables.At(Root, index), first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFindTable(ulong address) => address >> 20 == _region || TryLoadTable(address);

    private bool TryLoadTable(ulong address)
    {
        uint first = ReadFirst(ArmTables.FirstIndex(address));
        if (!ArmTables.IsTable(first))
        {
            return false;
        }

        _region = address >> 20;
        _regionTable = ArmTables.TableOf(first);
        return true;
    }

    private bool TryMakeTable(ulong address)
    {
        if (TryFindTable(address))
        {
            return true;
        }

        int index = ArmTables.FirstIndex(address);
        if (ReadFirst(index) != 0)
        {
            throw new ArgumentException($"{new VirtualAddress(address)} lies in a section.", nameof(address));
        }

        if (!_tables.TryTake(out PhysicalAddress table))
        {
            return false;
        }

        WriteFirst(index, new ArmDescriptor { Kind = ArmDescriptorKind.Table, Base = table.Value }.Encode());
        _region = address >> 20;
        _regionTable = table;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(VirtualAddress address, uint entry)
    {
        RequireTable(address);
        Owner.Counters.TableReferences++;
        _memory.Write32(ArmTables.At(_regionTable, ArmTables.SecondIndex(address.Value)), entry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RequireTable(VirtualAddress address)
    {
        if (!TryFindTable(address.Value))
        {
            throw new InvariantViolationException("PMAP-TABLE", $"pmap {Id} at {address}", "a second-level table", "none");
        }
    }
}
