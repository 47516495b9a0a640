using System.Collections.Immutable;
using System.Globalization;

namespace BsdVm.X86;

/// <content>Pictures of walks and tables.</content>
public sealed partial class X86Mmu<TFormat>
{
    /// <inheritdoc/>
    public override WalkExplanation Explain(VirtualAddress address, AccessKind access, PrivilegeMode mode)
    {
        bool succeeds = TryProbe(address, access, mode, out ulong translation, out MachineFault fault);
        if (!TFormat.IsTranslatable(address.Value))
        {
            string refused = TFormat.Levels >= 4 ? "#GP(0): the address is not canonical" : "the address has more than 32 bits";
            return new(address, "", [], false, default, refused);
        }

        Follow(address.Value, out X86Path path);
        PhysicalAddress physical = TlbFlagsExtensions.PhysicalAddressOf(translation, address);
        return new(
            address, SplitText(address.Value, path), StepsOf(path), succeeds, succeeds ? physical : default,
            succeeds ? RightsText(physical, translation) : FaultText(fault));
    }

    /// <inheritdoc/>
    public override ImmutableArray<TranslationTable> Tables()
    {
        var tables = ImmutableArray.CreateBuilder<TranslationTable>();
        AddTables(tables, _root, 0, TFormat.Levels);
        return tables.ToImmutable();
    }

    private static string SplitText(ulong address, in X86Path path)
    {
        var parts = new List<string>();
        for (int level = TFormat.Levels; level >= path.Level; level--)
        {
            parts.Add($"{TFormat.EntryName(level)} index {Hex(IndexOf(address, level))}");
        }

        int offsetBits = path.IsLarge ? TFormat.IndexShift(path.Level) : PageSize.Base.Shift;
        parts.Add($"offset {Hex(address & ((1UL << offsetBits) - 1))}");
        return string.Join(", ", parts);
    }

    private static ulong IndexOf(ulong address, int level) => (EntryAddress(0, address, level)) >> TFormat.EntryShift;

    private static string RightsText(PhysicalAddress physical, ulong translation)
    {
        Protection user = (Protection)(translation >> 1) & Protection.All;
        Protection kernel = (Protection)(translation >> 4) & Protection.All;
        return $"physical address {physical}, user {user.ToText()}, supervisor {kernel.ToText()}";
    }

    private static string FaultText(in MachineFault fault)
    {
        var code = (X86ErrorCode)fault.Code;
        string text = string.Join(' ', new[]
        {
            (code & X86ErrorCode.Present) != 0 ? "P" : "",
            (code & X86ErrorCode.Write) != 0 ? "W" : "",
            (code & X86ErrorCode.User) != 0 ? "U" : "",
            (code & X86ErrorCode.ReservedBit) != 0 ? "RSVD" : "",
            (code & X86ErrorCode.Fetch) != 0 ? "I" : "",
            (code & X86ErrorCode.ProtectionKey) != 0 ? "PK" : "",
        }.Where(word => word.Length > 0));
        string names = text.Length > 0 ? $" ({text})" : "";
        return $"#PF: {fault.Reason}, CR2 = {fault.Address}, error code {Hex(fault.Code)}{names}";
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private ImmutableArray<WalkStep> StepsOf(in X86Path path)
    {
        var steps = ImmutableArray.CreateBuilder<WalkStep>(path.Count);
        for (int step = 0; step < path.Count; step++)
        {
            int level = path.Level + path.Count - 1 - step;
            ulong at = path.Addresses[step];
            ulong tableBytes = 1UL << (TFormat.IndexBits(level) + TFormat.EntryShift);
            steps.Add(new(
                TFormat.EntryName(level), new(at & ~(tableBytes - 1)), (int)((at & (tableBytes - 1)) >> TFormat.EntryShift), new(at),
                path.Entries[step], 1 << TFormat.EntryShift, X86EntryText.Describe<TFormat>(path.Entries[step], level, _registers)));
        }

        return steps.MoveToImmutable();
    }

    private void AddTables(ImmutableArray<TranslationTable>.Builder tables, ulong table, ulong firstAddress, int level)
    {
        var entries = ImmutableArray.CreateBuilder<TranslationTableEntry>();
        int count = 1 << TFormat.IndexBits(level);
        for (int index = 0; index < count; index++)
        {
            ulong entry = ReadEntry(table + ((ulong)index << TFormat.EntryShift));
            if (entry != 0)
            {
                ulong first = firstAddress + ((ulong)index << TFormat.IndexShift(level));
                entries.Add(new(index, new(SignExtend(first)), entry, X86EntryText.Describe<TFormat>(entry, level, _registers)));
            }
        }

        ulong covered = (ulong)count << TFormat.IndexShift(level);
        tables.Add(new(
            TFormat.TableName(level), new(table), new(new(SignExtend(firstAddress)), covered), 1 << TFormat.EntryShift,
            entries.ToImmutable()));
        foreach (TranslationTableEntry entry in entries)
        {
            if (level > 1 && (entry.Entry & Present) != 0 && !TFormat.IsLarge(entry.Entry, level, _registers))
            {
                AddTables(tables, TFormat.TableOf(entry.Entry, level).Value, entry.First.Value, level - 1);
            }
        }
    }

    private static ulong SignExtend(ulong address) => TFormat.Levels >= 4 ? (ulong)((long)(address << 16) >> 16) : address;
}
