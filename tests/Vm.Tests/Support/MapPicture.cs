using System.Text;

namespace BsdVm.Tests.Support;

/// <summary>
/// An address space that is drawn as text and read back as text, a letter a page: <c>.</c> is a hole, and a bar parts two neighbours that
/// look alike. Private zeros show their rights: n, r, w (rw-), x (r-x), a (rwx); m may only ever be read, d grows down. The others are f
/// and g for a private mapping of the file of this name, F and G for a shared one, each page of the file at the page of its own number, and
/// S for shared memory without a file.
/// </summary>
internal sealed class MapPicture
{
    public const int FilePages = 16;

    private readonly int _width;

    public MapPicture(string layer, string picture, bool joins = true)
    {
        Vm = new TestVm(layer, VmPolicy.Corrected with { JoinEntries = joins });
        Space = Vm.NewSpace();
        FileF = NewFile("f", '0');
        FileG = NewFile("g", 'A');
        _width = picture.Count(static letter => letter != '|');
        Draw(picture);
    }

    /// <summary>Both anonymous layers: a picture must come out alike.</summary>
    public static IReadOnlyList<string> Layers { get; } = ["shadow", "amap"];

    public TestVm Vm { get; }

    public VmSpace Space { get; }

    public VmMap Map => Space.Map;

    /// <summary>A file whose pages begin with 0, 1, 2, ...</summary>
    public Vnode FileF { get; }

    /// <summary>A file whose pages begin with A, B, C, ...</summary>
    public Vnode FileG { get; }

    /// <summary>
    /// Draws in each layer, acts on the marked range, and compares; the map's own figures and all invariants must hold too.
    /// </summary>
    /// <param name="before">The picture.</param>
    /// <param name="mark">Crosses (#) below the pages of the range; a caret (^) is an empty range.</param>
    /// <param name="after">What is seen afterwards.</param>
    /// <param name="act">The operation.</param>
    /// <param name="look">What is looked at; the letters of the picture if nothing is said.</param>
    /// <param name="joins">Neighbours that are alike become one.</param>
    public static void Check(
        string before,
        string mark,
        string after,
        Action<MapPicture, AddressRange> act,
        Func<MapPicture, string>? look = null,
        bool joins = true)
    {
        foreach (string layer in Layers)
        {
            var picture = new MapPicture(layer, before, joins);
            act(picture, Marked(before, mark));
            picture.AssertSound();
            string seen = look is null ? picture.Look() : look(picture);
            Assert.True(after == seen, $"{layer}: {before}\n{mark}\nexpected {after}\nfound    {seen}");
        }
    }

    /// <summary>The range below whose pages the mark has crosses. Columns of bars do not count.</summary>
    public static AddressRange Marked(string before, string mark)
    {
        string pages = string.Concat(mark.Where((_, column) => column >= before.Length || before[column] != '|'));
        int first = pages.IndexOfAny(['#', '^']);
        return TestVm.Pages(first, pages.Count(static letter => letter == '#'));
    }

    /// <summary>The letters of the picture.</summary>
    public string Look() => Show(LetterOf);

    /// <summary>The rights of every page, whatever it maps.</summary>
    public string Rights() => Show(static entry => RightsLetter(entry.Protection));

    /// <summary>What fork does: c, s, n or z.</summary>
    public string Inheritance() => Show(static entry => char.ToLowerInvariant(entry.Inheritance.ToString()[0]));

    /// <summary>What was advised: n, r or s.</summary>
    public string Advice() => Show(static entry => char.ToLowerInvariant(entry.Advice.ToString()[0]));

    /// <summary>L for locked pages, - for others.</summary>
    public string Locks() => Show(static entry => entry.IsWired ? 'L' : '-');

    /// <summary>The first byte of each page as a program loads it: _ for zero, ! for a fault.</summary>
    public string Contents(VmSpace? space = null)
    {
        space ??= Space;
        Dictionary<int, VmMapEntry> entries = EntriesOf(space.Map);
        return string.Concat(Enumerable.Range(0, WidthOf(entries)).Select(page =>
            !entries.ContainsKey(page) ? '.'
            : !Vm.CanLoad(space, page) ? '!'
            : Vm.Load(space, page) is var value && value == 0 ? '_' : (char)value));
    }

    /// <summary>R for pages in memory, - for others.</summary>
    public string Residency()
    {
        Dictionary<int, VmMapEntry> entries = EntriesOf(Map);
        return string.Concat(Enumerable.Range(0, WidthOf(entries)).Select(page =>
            !entries.ContainsKey(page) ? '.' : Map.IsResident(TestVm.Page(page) + 5) ? 'R' : '-'));
    }

    /// <summary>Stores letters from the first page on; a space leaves a page alone.</summary>
    public void Write(string letters, VmSpace? space = null)
    {
        foreach ((int page, char letter) in letters.Index())
        {
            Assert.True(letter == ' ' || Vm.Store(space ?? Space, page, (byte)letter), $"No store to page {page}.");
        }
    }

    /// <summary>Shows a space's entries, a letter each.</summary>
    public string Show(Func<VmMapEntry, char> letter, VmSpace? space = null)
    {
        Dictionary<int, VmMapEntry> entries = EntriesOf((space ?? Space).Map);
        var text = new StringBuilder();
        for (int page = 0; page < WidthOf(entries); page++)
        {
            VmMapEntry? entry = entries.GetValueOrDefault(page);
            VmMapEntry? below = entries.GetValueOrDefault(page - 1);
            bool parts = entry is not null && below is not null && entry != below && letter(entry) == letter(below);
            text.Append(parts ? "|" : "").Append(entry is null ? '.' : letter(entry));
        }

        return text.ToString();
    }

    /// <summary>The letter of an entry in a picture.</summary>
    public char LetterOf(VmMapEntry entry)
    {
        VmObject? bottom = entry.Object;
        while (bottom is { IsAnonymous: true, Shadow: not null })
        {
            bottom = bottom.Shadow;
        }

        return bottom?.Vnode is { } file ? (entry.IsShared ? char.ToUpperInvariant(file.Name[0]) : file.Name[0])
            : entry.IsShared ? 'S'
            : entry.GrowsDown ? 'd'
            : entry.MaxProtection != Protection.All ? 'm'
            : RightsLetter(entry.Protection);
    }

    /// <summary>Rights as a letter.</summary>
    public static Protection RightsOf(char letter) => letter switch
    {
        'n' => Protection.None,
        'r' or 'm' => Protection.Read,
        'x' => Protection.ReadExecute,
        'a' => Protection.All,
        _ => Protection.ReadWrite,
    };

    /// <summary>What a letter maps.</summary>
    public VmMapRequest Request(AddressRange range, char letter)
    {
        Vnode? file = char.ToLowerInvariant(letter) switch { 'f' => FileF, 'g' => FileG, _ => null };
        return new()
        {
            Range = range,
            Protection = RightsOf(letter),
            MaxProtection = letter == 'm' ? Protection.Read : Protection.All,
            IsShared = char.IsUpper(letter),
            Inheritance = char.IsUpper(letter) ? VmInheritance.Share : VmInheritance.Copy,
            GrowsDown = letter == 'd',
            Object = letter == 'S' ? Vm.System.CreateAnonymousObject(range.LengthBytes) : file?.Object,
            Offset = file is null ? 0 : range.Start - TestVm.Page(0),
        };
    }

    private static char RightsLetter(Protection rights) => rights switch
    {
        Protection.None => 'n',
        Protection.Read => 'r',
        Protection.ReadWrite => 'w',
        Protection.ReadExecute => 'x',
        Protection.All => 'a',
        _ => '?',
    };

    private Vnode NewFile(string name, char first)
    {
        Vnode file = Vm.System.CreateVnode(name, FilePages * PageSize.BaseBytes, (byte)'?');
        for (int page = 0; page < FilePages; page++)
        {
            file.Write((ulong)page * PageSize.BaseBytes, [(byte)(first + page)]);
        }

        return file;
    }

    private void Draw(string picture)
    {
        for (int column = 0, page = 0; column < picture.Length;)
        {
            char letter = picture[column];
            int length = picture[column..].TakeWhile(next => next == letter).Count();
            if (letter is not '|' and not '.')
            {
                VmMapRequest request = Request(TestVm.Pages(page, length), letter);
                Assert.Equal(VmStatus.Success, Map.Insert(request));
                if (letter == 'S')
                {
                    // The map has a reference of its own.
                    Vm.System.ReleaseObject(request.Object!);
                }
            }

            page += letter == '|' ? 0 : length;
            column += length;
        }

        // What is inserted beside a bar may become one with its neighbour, so they are parted at the end.
        for (int column = picture.IndexOf('|', StringComparison.Ordinal); column >= 0; column = picture.IndexOf('|', column + 1))
        {
            Map.Split(TestVm.Page(picture[..column].Count(static letter => letter != '|')));
        }
    }

    private static Dictionary<int, VmMapEntry> EntriesOf(VmMap map)
    {
        var entries = new Dictionary<int, VmMapEntry>();
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            for (VirtualAddress page = entry.Start; page < entry.End; page += PageSize.BaseBytes)
            {
                entries.Add((int)(page.Page - TestVm.Page(0).Page), entry);
            }
        }

        return entries;
    }

    private int WidthOf(Dictionary<int, VmMapEntry> entries) => Math.Max(_width, entries.Count == 0 ? 0 : entries.Keys.Max() + 1);

    private void AssertSound()
    {
        Vm.System.CheckInvariants();
        Dictionary<int, VmMapEntry> entries = EntriesOf(Map);
        Assert.Equal((ulong)entries.Count * PageSize.BaseBytes, Map.SizeBytes);
        Assert.Equal(entries.Values.Distinct().Count(), Map.Count);
        Assert.DoesNotContain(entries.Keys, static page => page < 0);
    }
}
