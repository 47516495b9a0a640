using System.Globalization;

namespace BsdVm.X86;

/// <summary>Entries in words, with the manual's names.</summary>
internal static class X86EntryText
{
    private static readonly (X86EntryFlags Bit, string Name)[] Common =
    [
        (X86EntryFlags.WriteThrough, "PWT"), (X86EntryFlags.CacheDisable, "PCD"), (X86EntryFlags.Accessed, "A"),
    ];

    public static string Describe<TFormat>(ulong entry, int level, in X86Registers registers)
        where TFormat : struct, IX86Format
    {
        if ((entry & (ulong)X86EntryFlags.Present) == 0)
        {
            return entry == 0 ? "P=0" : "P=0, the rest is software's";
        }

        bool large = level > 1 && TFormat.IsLarge(entry, level, registers);
        bool maps = level == 1 || large;
        bool isPointer = TFormat.HasPointerRegisters && level == TFormat.Levels;
        var words = new List<string> { "P" };
        AddIf(words, !isPointer, Has(entry, X86EntryFlags.Writable) ? "R/W" : "R");
        AddIf(words, !isPointer, Has(entry, X86EntryFlags.User) ? "U" : "S");
        words.AddRange(
            Common.Where(bit => Has(entry, bit.Bit) && !(isPointer && bit.Bit == X86EntryFlags.Accessed)).Select(bit => bit.Name));
        if (maps)
        {
            AddPageWords<TFormat>(words, entry, large);
        }

        if (TFormat.HasExecuteDisable && !isPointer && Has(entry, X86EntryFlags.ExecuteDisable))
        {
            words.Add("XD");
        }

        if ((entry & TFormat.ReservedBits(level, large, registers)) != 0)
        {
            words.Add("reserved bits set");
        }

        words.Add(maps
            ? $"{new PageSize(large ? TFormat.IndexShift(level) : 12)}B page {Hex(TFormat.PageBase(entry, level))}"
            : $"{TFormat.TableName(level - 1)} at {Hex(TFormat.TableOf(entry, level).Value)}");
        return string.Join(' ', words);
    }

    private static void AddPageWords<TFormat>(List<string> words, ulong entry, bool large)
        where TFormat : struct, IX86Format
    {
        AddIf(words, Has(entry, X86EntryFlags.Dirty), "D");
        AddIf(words, large, "PS");
        AddIf(words, Has(entry, large ? X86EntryFlags.LargePat : X86EntryFlags.PageSize), "PAT");
        AddIf(words, Has(entry, X86EntryFlags.Global), "G");
        int software = (int)(entry >> 9) & 7;
        AddIf(words, software != 0, $"AVL={software}");
        if (TFormat.HasProtectionKeys)
        {
            int key = X86FourLevel.ProtectionKey(entry);
            AddIf(words, key != 0, $"key={key}");
        }
    }

    private static void AddIf(List<string> words, bool condition, string word)
    {
        if (condition)
        {
            words.Add(word);
        }
    }

    private static bool Has(ulong entry, X86EntryFlags bit) => (entry & (ulong)bit) != 0;

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}
