using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BsdVm.Mips;

/// <summary>
/// The backends of this assembly: a table structure under a TLB that software refills, or with <c>:hw</c> under a hardware walker. After the
/// structure's name, in any order: <c>:hw</c>; <c>:r4000</c> for 40 address bits; <c>:segN</c> for N of them (40 to 62, by default 48, so that the
/// addresses of 64-bit programs fit); and a number, the subblock factor of <c>mips-clustered</c> (2 to 32, default 16) or the index bits of
/// <c>mips-guarded</c> (1 to 9, default 4).
/// </summary>
public static class MipsBackends
{
    private const int DefaultSegmentBits = 48;
    private const int SmallSegmentBits = 40;
    private const string Prefix = "mips-";

    private static readonly (string Name, string Text)[] Structures =
    [
        ("linear", "a linear array in virtual space with its nested miss"),
        ("radix", "a forward-mapped tree of 9 bits a level"),
        ("hashed", "a hash table of 24-byte entries in chains, one for all spaces"),
        ("inverted", "an inverted table of 16-byte entries with anchors"),
        ("clustered", "a hash table whose entries hold 16 pages (:2 to :32)"),
        ("guarded", "a guarded table of 4-bit nodes (:1 to :9)"),
        ("cuckoo", "an elastic cuckoo table of three ways"),
    ];

    /// <summary>The backend of one array of 2^20 entries of 4 bytes, walked by hardware.</summary>
    public static PmapBackend Flat { get; } = MakeFlat();

    /// <summary>All structures in their default form: under software refill, then under a hardware walker, and the flat array first.</summary>
    public static ImmutableArray<PmapBackend> All { get; } =
    [
        Flat,
        .. Structures.Select(static structure => Parse(Prefix + structure.Name)),
        .. Structures.Select(static structure => Parse(Prefix + structure.Name + ":hw")),
    ];

    /// <summary>The backend of that name. False if the name, or a parameter in it, means nothing.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out PmapBackend? backend)
    {
        ArgumentNullException.ThrowIfNull(name);
        backend = null;
        if (name == Flat.Name)
        {
            backend = Flat;
            return true;
        }

        string[] parts = name.Split(':');
        string structure = parts[0].StartsWith(Prefix, StringComparison.Ordinal) ? parts[0][Prefix.Length..] : "";
        if (!Structures.Any(known => known.Name == structure))
        {
            return false;
        }

        var options = new Options(structure);
        if (!parts.Skip(1).All(options.TryTake))
        {
            return false;
        }

        backend = Make(name, structure, options);
        return true;
    }

    private static PmapBackend Parse(string name) =>
        TryParse(name, out PmapBackend? backend) ? backend : throw new ArgumentException(name, nameof(name));

    private static MipsBackend Make(string name, string structure, Options options)
    {
        (MipsMachine machine, MipsMaker maker) = MipsStructures.Make(structure, options.HasWalker, options.SegmentBits, options.Factor);
        string text = Structures.Single(known => known.Name == structure).Text;
        string who = options.HasWalker ? "a hardware walker" : "the software-filled TLB of an R4000";
        return new MipsBackend(name, $"{text}, under {who}", machine.Capabilities(), machine, maker);
    }

    private static MipsBackend MakeFlat()
    {
        (MipsMachine machine, MipsMaker maker) = MipsStructures.Make("flat", hasWalker: true, segmentBits: 32, factor: 0);
        const string Text = "one array of 4-byte entries for 32 address bits, under a hardware walker";
        return new MipsBackend("flat", Text, machine.Capabilities(32), machine, maker);
    }

    private sealed class Options(string structure)
    {
        private bool _hasFactor;
        private bool _hasSegment;

        public bool HasWalker { get; private set; }

        public int SegmentBits { get; private set; } = DefaultSegmentBits;

        public int Factor { get; private set; } =
            structure == "guarded" ? MipsStructures.DefaultIndexBits : MipsStructures.DefaultSubblock;

        public bool TryTake(string text) => text switch
        {
            "hw" => TryTakeWalker(),
            "r4000" => TryTakeSegment(SmallSegmentBits),
            _ when text.StartsWith("seg", StringComparison.Ordinal) => TryNumber(text[3..], out int bits) && TryTakeSegment(bits),
            _ => TryNumber(text, out int factor) && TryTakeFactor(factor),
        };

        private static bool TryNumber(string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

        private bool TryTakeWalker()
        {
            bool isFirst = !HasWalker;
            HasWalker = true;
            return isFirst;
        }

        private bool TryTakeSegment(int bits)
        {
            bool isFirst = !_hasSegment;
            _hasSegment = true;
            SegmentBits = bits;
            return isFirst && bits is >= 40 and <= 62;
        }

        private bool TryTakeFactor(int factor)
        {
            bool isFirst = !_hasFactor;
            _hasFactor = true;
            Factor = factor;
            return isFirst && structure switch
            {
                "clustered" => factor is >= 2 and <= 32 && System.Numerics.BitOperations.IsPow2(factor),
                "guarded" => factor is >= 1 and <= 9,
                _ => false,
            };
        }
    }
}
