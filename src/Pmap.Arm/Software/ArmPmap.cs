namespace BsdVm.Arm;

/// <summary>
/// The software half: one first-level table of 16 KB a pmap, used by TTBR0 with TTBCR.N=0, and second-level tables of 1 KB, four to a
/// frame. User memory is in domain 0, whose client the pmap is, and carries the pmap's ASID (nG=1). Tables stay when their last page goes,
/// until <see cref="Pmap.Collect"/>. Source: FreeBSD <c>arm/pmap-v6.c</c>, Linux <c>arch/arm/mm</c>.
/// </summary>
public sealed partial class ArmPmap : TablePmap
{
    private static readonly PageFrameNumber FrameLimit = new(1UL << 20);

    private readonly PhysicalMemory _memory;
    private readonly TableSlab _tables;

    private ArmPmap(PmapSystem system, int id, PhysicalAddress root)
        : base(system, id)
    {
        _memory = system.Machine.Memory;
        _tables = new(system, ArmTables.SecondBytes, FrameLimit);
        Root = root;
        CountRoot(1);
    }

    /// <summary>Where the first-level table starts, aligned to 16 KB.</summary>
    public PhysicalAddress Root { get; }

    /// <summary>Second-level tables in use.</summary>
    public int SecondLevelTables => _tables.PieceCount;

    /// <inheritdoc/>
    public override long TableFrames => ArmTables.FirstFrames + _tables.FrameCount;

    /// <inheritdoc/>
    public override PmapTableUse TableUse
    {
        get
        {
            long first = ArmTables.FirstCount * 4;
            long second = (long)_tables.PieceCount * ArmTables.SecondBytes;
            return new() { Bytes = first + second, BytesByLevel = [first, second] };
        }
    }

    /// <inheritdoc/>
    public override void Destroy()
    {
        foreach (Cpu cpu in Owner.Machine.Cpus)
        {
            ((ArmMmu)cpu.Mmu).StopWalks(Root);
        }

        _region = NoRegion;
        _tables.Clear();
        CountRoot(-1);
        Owner.Frames.Free(Root.Frame, ArmTables.FirstFrames);
    }

    /// <inheritdoc/>
    public override Mmu? CreateView() => new ArmMmu(_memory) { Registers = new() { Ttbr0 = (uint)Root.Value, Asid = (byte)Tag } };

    /// <inheritdoc/>
    public override TranslationRoot? DescribeRoot()
    {
        var registers = new ArmRegisters();
        return new(
            "armv7", ("ttbr0", Root.Value), ("ttbr1", registers.Ttbr1), ("ttbcr", registers.Ttbcr), ("dacr", registers.Dacr),
            ("afe", registers.Afe ? 1UL : 0), ("tre", registers.Tre ? 1UL : 0), ("asid", Tag));
    }

    internal static bool TryCreate(PmapSystem system, int id, out Pmap? pmap)
    {
        pmap = null;
        if (!system.Frames.TryAllocate(ArmTables.FirstFrames, ArmTables.FirstFrames, FrameLimit, out PageFrameNumber first))
        {
            return false;
        }

        for (ulong frame = 0; frame < ArmTables.FirstFrames; frame++)
        {
            system.Machine.Memory.ZeroFrame(new(first.Value + frame));
        }

        pmap = new ArmPmap(system, id, first.Address);
        return true;
    }

    /// <inheritdoc/>
    protected override void Load(Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ((ArmMmu)cpu.Mmu).SwitchTo((uint)Root.Value, (byte)Tag);
    }

    /// <inheritdoc/>
    protected override bool TryFind(VirtualAddress address, out PmapMapping mapping)
    {
        if (TryFindTable(address.Value))
        {
            Owner.Counters.TableReferences++;
            uint entry = _memory.Read32(ArmTables.At(_regionTable, ArmTables.SecondIndex(address.Value)));
            if ((entry & ArmLeaf.SmallPage) != 0)
            {
                mapping = ArmLeaf.Decode(address, entry);
                return true;
            }
        }

        mapping = default;
        return false;
    }

    /// <inheritdoc/>
    protected override bool TryFindNext(VirtualAddress from, VirtualAddress last, out PmapMapping mapping)
    {
        ulong at = from.Value;
        while (at <= last.Value)
        {
            if (TryFindTable(at))
            {
                int second = ArmTables.FirstUsed(_memory, _regionTable, ArmTables.SecondIndex(at), ArmTables.SecondCount);
                if (second >= 0)
                {
                    at = ArmTables.PageAt(at, second);
                    if (at <= last.Value && TryFind(new(at), out mapping))
                    {
                        return true;
                    }

                    // A large page, which the contract does not know.
                    at += PageSize.BaseBytes;
                    continue;
                }
            }

            int first = ArmTables.FirstUsed(_memory, Root, ArmTables.FirstIndex(at) + 1, ArmTables.FirstCount);
            if (first < 0)
            {
                break;
            }

            at = (ulong)first << 20;
        }

        mapping = default;
        return false;
    }

    /// <inheritdoc/>
    protected override bool TryPrepare(VirtualAddress address)
    {
        if (!TryMakeTable(address.Value))
        {
            return false;
        }

        uint entry = _memory.Read32(ArmTables.At(_regionTable, ArmTables.SecondIndex(address.Value)));
        return entry == 0 || (entry & ArmLeaf.SmallPage) != 0
            ? true
            : throw new ArgumentException($"{address} lies in a large page.", nameof(address));
    }

    /// <inheritdoc/>
    protected override void Install(in PmapMapping mapping) =>
        Write(mapping.Address, ArmLeaf.Encode(mapping.Frame, mapping.Rights, mapping.Flags));

    /// <inheritdoc/>
    protected override void Rewrite(in PmapMapping mapping)
    {
        RequireTable(mapping.Address);
        PhysicalAddress at = ArmTables.At(_regionTable, ArmTables.SecondIndex(mapping.Address.Value));
        Owner.Counters.TableReferences += 2;
        _memory.Write32(at, ArmLeaf.EncodeAnew(_memory.Read32(at), mapping.Frame, mapping.Rights, mapping.Flags));
    }

    /// <inheritdoc/>
    protected override void Clear(in PmapMapping mapping) => Write(mapping.Address, 0);

    /// <summary>
    /// The machine sets no bits: the access that is about to be made is recorded now. Any other first store comes back as a permission
    /// fault, and the first use after a referenced bit was cleared as an access flag fault; the page is then entered for it.
    /// </summary>
    protected override PmapFlags SeedBits(AccessKind? access) => access switch
    {
        null => PmapFlags.None,
        AccessKind.Write => PmapFlags.Referenced | PmapFlags.Modified,
        _ => PmapFlags.Referenced,
    };

    private void CountRoot(int sign)
    {
        Owner.Counters.AddTableFrames(sign * ArmTables.FirstFrames);
        Owner.Counters.AddTableBytes(sign * ArmTables.FirstCount * 4);
    }
}
