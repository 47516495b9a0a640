using System.Collections.Immutable;

namespace BsdVm.Arm;

/// <content>Pictures of walks and tables.</content>
public sealed partial class ArmMmu
{
    /// <inheritdoc/>
    public override WalkExplanation Explain(VirtualAddress address, AccessKind access, PrivilegeMode mode)
    {
        bool succeeds = TryProbe(address, access, mode, out ulong translation, out MachineFault fault);
        if (address.Value > uint.MaxValue)
        {
            return new(address, "", [], false, default, "the address has more than 32 bits");
        }

        ArmPath path = Follow(address.Value);
        PhysicalAddress physical = TlbFlagsExtensions.PhysicalAddressOf(translation, address);
        return new(
            address, SplitText(address.Value, path), StepsOf(path), succeeds, succeeds ? physical : default,
            succeeds ? RightsText(physical, translation) : FaultText(fault));
    }

    /// <inheritdoc/>
    public override ImmutableArray<TranslationTable> Tables()
    {
        var tables = ImmutableArray.CreateBuilder<TranslationTable>();
        if (!_registers.Pd0)
        {
            AddFirstLevel(tables, "first-level table of TTBR0", _registers.LowerTable, 0, (int)(_registers.Split >> 20));
        }

        if (_registers.N > 0 && !_registers.Pd1)
        {
            AddFirstLevel(tables, "first-level table of TTBR1", _registers.UpperTable, (int)(_registers.Split >> 20), 4096);
        }

        return tables.ToImmutable();
    }

    private string SplitText(ulong address, in ArmPath path)
    {
        if (path.Count == 0)
        {
            return $"{(address < _registers.Split ? "TTBR0" : "TTBR1")}, no walk";
        }

        string table = _registers.N == 0 ? "" : address < _registers.Split ? "TTBR0, " : "TTBR1, ";
        string first = $"{table}first-level index {ArmDescriptorText.Hex(address >> 20)}, ";
        int shift = path.SecondAt != 0 || path.Count == 2 ? PageSize.Base.Shift : 20;
        shift = Math.Max(shift, path.Leaf.PageShift);
        string second = path.Count == 2 ? $"second-level index {ArmDescriptorText.Hex(address >> 12 & 255)}, " : "";
        return $"{first}{second}offset {ArmDescriptorText.Hex(address & ((1UL << shift) - 1))}";
    }

    private static ImmutableArray<WalkStep> StepsOf(in ArmPath path)
    {
        var steps = ImmutableArray.CreateBuilder<WalkStep>(path.Count);
        if (path.Count > 0)
        {
            string meaning = ArmDescriptorText.Describe(ArmDescriptor.DecodeFirst(path.First));
            steps.Add(new(
                "first-level descriptor", new(path.FirstTable), (int)(path.FirstAt - path.FirstTable) >> 2, new(path.FirstAt),
                path.First, 4, meaning));
        }

        if (path.Count > 1)
        {
            ulong table = path.SecondAt & ~0x3FFUL;
            string meaning = ArmDescriptorText.Describe(ArmDescriptor.DecodeSecond(path.Second));
            steps.Add(new(
                "second-level descriptor", new(table), (int)(path.SecondAt - table) >> 2, new(path.SecondAt), path.Second, 4, meaning));
        }

        return steps.MoveToImmutable();
    }

    private static string RightsText(PhysicalAddress physical, ulong translation)
    {
        Protection user = (Protection)(translation >> 1) & Protection.All;
        Protection kernel = (Protection)(translation >> 4) & Protection.All;
        return $"physical address {physical}, user {user.ToText()}, privileged {kernel.ToText()}";
    }

    private static string FaultText(in MachineFault fault)
    {
        ArmFaultStatus status = ArmFaultCode.Status(fault.Code);
        string level = ArmFaultCode.Level(status) == 1 ? "first level" : "second level";
        (string abort, string address, string register) = fault.Access == AccessKind.Execute
            ? ("prefetch abort", "IFAR", "IFSR")
            : ("data abort", "DFAR", "DFSR");
        string code = ArmDescriptorText.Hex(fault.Code);
        return $"{abort}: {ArmFaultCode.Name(status)} fault, {level}, {address} = {fault.Address}, {register} = {code}";
    }

    private void AddFirstLevel(ImmutableArray<TranslationTable>.Builder tables, string name, ulong table, int start, int end)
    {
        ImmutableArray<TranslationTableEntry> entries = Entries(table, start, end, 0, 20, isFirst: true);
        var covers = new AddressRange(new((ulong)start << 20), (ulong)(end - start) << 20);
        tables.Add(new(name, new(table), covers, 4, entries));
        foreach (TranslationTableEntry entry in entries)
        {
            ArmDescriptor descriptor = ArmDescriptor.DecodeFirst((uint)entry.Entry);
            if (descriptor.Kind == ArmDescriptorKind.Table)
            {
                tables.Add(new(
                    "second-level table", new(descriptor.Base), new(entry.First, 1UL << 20), 4,
                    Entries(descriptor.Base, 0, 256, entry.First.Value, 12, isFirst: false)));
            }
        }
    }

    private ImmutableArray<TranslationTableEntry> Entries(ulong table, int start, int end, ulong firstAddress, int shift, bool isFirst)
    {
        var entries = ImmutableArray.CreateBuilder<TranslationTableEntry>();
        for (int index = start; index < end; index++)
        {
            var at = new PhysicalAddress(table + ((ulong)index << 2));
            uint word = _memory.Contains(at) ? _memory.Read32(at) : 0;
            if (word != 0)
            {
                ArmDescriptor descriptor = isFirst ? ArmDescriptor.DecodeFirst(word) : ArmDescriptor.DecodeSecond(word);
                entries.Add(new(index, new(firstAddress + ((ulong)index << shift)), word, ArmDescriptorText.Describe(descriptor)));
            }
        }

        return entries.ToImmutable();
    }
}
