using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm;

/// <content>Pictures of the tables, read from memory without counting a reference.</content>
public abstract partial class RadixPmap<TFormat>
{
    /// <inheritdoc/>
    public override TableSnapshot Snapshot() => new TreeSnapshot(Owner.Backend.Name, NodeOf(Root, new(0), TFormat.Levels));

    /// <summary>The name of a table of a level, in the machine's manual.</summary>
    protected virtual string TableNameOf(int level) => level == 1 ? "page table" : $"table of level {level}";

    /// <summary>An entry of a level that is not zero, in words.</summary>
    protected virtual string DescribeEntry(ulong entry, int level) => level > 1 && TFormat.IsTable(entry, level)
        ? $"{TableNameOf(level - 1)} at {TFormat.TableOf(entry, level)}"
        : level == 1 ? Describe(TFormat.DecodePage(default, entry)) : $"{new PageSize(TFormat.IndexShift(level))}B page";

    private static string Describe(in PmapMapping page) =>
        $"frame {page.Frame} {page.Rights.ToText()}{(page.Flags == PmapFlags.None ? "" : " " + page.Flags.ToString().ToLowerInvariant())}";

    private TableNode NodeOf(PhysicalAddress table, VirtualAddress start, int level)
    {
        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        int index = RadixTables<TFormat>.FirstUsed(_memory, table, 0, level);
        for (; index >= 0; index = RadixTables<TFormat>.FirstUsed(_memory, table, index + 1, level))
        {
            entries.Add(EntryOf(table, start, level, index));
        }

        int count = RadixTables<TFormat>.EntryCount(level);
        var covers = new AddressRange(start, (ulong)count << TFormat.IndexShift(level));
        return new(TableNameOf(level), table, covers, 1 << TFormat.EntryShift, count, entries.ToImmutable());
    }

    private TableEntry EntryOf(PhysicalAddress table, VirtualAddress start, int level, int index)
    {
        VirtualAddress first = start + ((ulong)index << TFormat.IndexShift(level));
        ulong word = RadixTables<TFormat>.Read(_memory, table, index);
        bool isTable = level > 1 && TFormat.IsTable(word, level);
        return new(index, first, table + ((ulong)index << TFormat.EntryShift), word, DescribeEntry(word, level))
        {
            Below = isTable ? NodeOf(TFormat.TableOf(word, level), first, level - 1) : null,
            Page = isTable ? null : PageOf(first, word, level),
        };
    }

    // An entry above level 1 maps a large page if the format has them; what is its first base page has the same rights and bits.
    private static MappedPage? PageOf(VirtualAddress first, ulong word, int level)
    {
        ulong piece = level == 1 ? word : TFormat.Piece(word, 0);
        return piece == 0 ? null : new MappedPage(TFormat.DecodePage(first, piece), new(TFormat.IndexShift(level)));
    }
}
