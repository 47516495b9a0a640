using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BsdVm.Mips;

/// <summary>
/// The joint TLB of an R4000 with its registers and its four instructions. Entries are pairs of pages of 4 KB to 16 MB with an 8-bit ASID.
/// Random decrements with every write of a random entry, not with every instruction, which are not simulated one by one. An entry that
/// would match together with another one is refused, where the machine would shut its TLB down.
/// Source: MIPS R4000 User's Manual, chapter 4.
/// </summary>
public sealed class R4000Tlb
{
    /// <summary>The ASID bits of EntryHi.</summary>
    public const ulong AsidMask = 0xFF;

    private const ulong PairMask = ~0x1FFFUL;

    // No key has a bit set between the pair number and the ASID: what has one is never matched.
    private const ulong Free = 1UL << 12;

    private readonly R4000Entry[] _entries;

    // What a key, the pair's address with the ASID, is compared with, and in which bits.
    private readonly ulong[] _match;
    private readonly ulong[] _care;

    // By the low bits of the pair number: the entry that had it last.
    private readonly byte[] _hints = new byte[256];
    private readonly ulong _limit;
    private int _wired;

    /// <summary>An empty TLB.</summary>
    /// <param name="entries">48 in the R4000; a multiple of 4.</param>
    /// <param name="segmentBits">Bits of a user address: 31 in 32-bit mode, else 40 in the R4000.</param>
    public R4000Tlb(int entries, int segmentBits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entries % 4, 0, nameof(entries));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries, 256);
        _entries = new R4000Entry[entries];
        _match = new ulong[entries];
        _care = new ulong[entries];
        _limit = 1UL << segmentBits;
        Flush(keepGlobal: false);
        Random = entries - 1;
    }

    /// <summary>Entries.</summary>
    public int Count => _entries.Length;

    /// <summary>PageMask register.</summary>
    public ulong PageMask { get; set; }

    /// <summary>EntryHi register; its ASID is the current one.</summary>
    public ulong EntryHi { get; set; }

    /// <summary>EntryLo0 register.</summary>
    public ulong EntryLo0 { get; set; }

    /// <summary>EntryLo1 register.</summary>
    public ulong EntryLo1 { get; set; }

    /// <summary>Index register; bit 31 after a probe that found nothing.</summary>
    public uint Index { get; set; }

    /// <summary>Random register, from <see cref="Wired"/> to the last entry.</summary>
    public int Random { get; private set; }

    /// <summary>Wired register: entries below it are not replaced at random. Writing it sets Random to the last entry.</summary>
    public int Wired
    {
        get => _wired;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Count);
            _wired = value;
            Random = Count - 1;
        }
    }

    /// <summary>BadVAddr register: the address of the last exception.</summary>
    public ulong BadVAddr { get; private set; }

    /// <summary>Context register: PTEBase 63:23, BadVPN2 22:4.</summary>
    public ulong Context { get; set; }

    /// <summary>XContext register: PTEBase 63:33, R 32:31, BadVPN2 30:4.</summary>
    public ulong XContext { get; set; }

    /// <summary>
    /// TLBWI: writes the entry of <see cref="Index"/>. False, and nothing written, if another entry matches the same addresses.
    /// </summary>
    public bool TryWriteIndexed() => TryWrite((int)(Index & 0x3F) % Count);

    /// <summary>TLBWR: writes the entry of <see cref="Random"/>, which then decrements. False, and nothing written, as for TLBWI.</summary>
    public bool TryWriteRandom()
    {
        int index = Random;
        Random = index > _wired ? index - 1 : Count - 1;
        return TryWrite(index);
    }

    /// <summary>TLBR: reads the entry of <see cref="Index"/> into the registers; G comes in both halves as it is matched.</summary>
    public void Read()
    {
        R4000Entry entry = _entries[(int)(Index & 0x3F) % Count];
        ulong global = entry.IsGlobal ? MipsPte.Global : 0;
        PageMask = entry.PageMask;
        EntryHi = entry.EntryHi;
        EntryLo0 = (entry.EntryLo0 & ~MipsPte.Global) | global;
        EntryLo1 = (entry.EntryLo1 & ~MipsPte.Global) | global;
    }

    /// <summary>TLBP: sets <see cref="Index"/> to the entry that matches <see cref="EntryHi"/>, or bit 31.</summary>
    public void Probe()
    {
        int found = Find(EntryHi, (uint)(EntryHi & AsidMask));
        Index = found >= 0 ? (uint)found : 1u << 31;
    }

    /// <summary>The entry of that number as it was written.</summary>
    public ref readonly R4000Entry Entry(int index) => ref _entries[index];

    /// <summary>Whether the entry of that number can match anything.</summary>
    public bool IsUsed(int index) => _match[index] != Free;

    /// <summary>Translates an address of the user segment.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isStore">Whether the access is a store.</param>
    /// <param name="asid">The address space.</param>
    /// <param name="physical">Where it goes, on a hit.</param>
    public R4000Outcome Translate(ulong address, bool isStore, uint asid, out ulong physical)
    {
        physical = 0;
        if (address >= _limit)
        {
            return R4000Outcome.AddressError;
        }

        int index = Find(address, asid);
        if (index < 0)
        {
            return R4000Outcome.Refill;
        }

        ref R4000Entry entry = ref _entries[index];
        ulong half = HalfOf(in entry, address);
        if ((half & MipsPte.Valid) == 0)
        {
            return R4000Outcome.Invalid;
        }

        ulong inPage = (1UL << entry.PageShift) - 1;
        physical = (MipsPte.Frame(half).Address.Value & ~inPage) | (address & inPage);
        return isStore && (half & MipsPte.Dirty) == 0 ? R4000Outcome.Modified : R4000Outcome.Hit;
    }

    /// <summary>The entry that matches an address in an address space; -1 if none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong address, uint asid)
    {
        ulong key = (address & PairMask) | asid;
        int hint = _hints[(byte)(address >> 13)];
        return ((key ^ _match[hint]) & _care[hint]) == 0 ? hint : Scan(key);
    }

    /// <summary>The half of an entry that an address falls into: the address bit above the page's offset tells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HalfOf(in R4000Entry entry, ulong address) =>
        (address >> entry.PageShift & 1) == 0 ? entry.EntryLo0 : entry.EntryLo1;

    /// <summary>An exception: what the machine writes into its registers.</summary>
    public void Note(ulong address)
    {
        BadVAddr = address;
        EntryHi = (address & PairMask) | (EntryHi & AsidMask);
        Context = (Context & ~0x7F_FFF0UL) | (address >> 13 << 4 & 0x7F_FFF0);
        XContext = (XContext & ~0x1_FFFF_FFFFUL) | (address >> 62 << 31) | (address >> 13 << 4 & 0x7FFF_FFF0);
    }

    /// <summary>Takes one entry out: it matches nothing then.</summary>
    public void Drop(int index)
    {
        _entries[index] = default;
        _match[index] = Free;
        _care[index] = ulong.MaxValue;
    }

    /// <summary>Takes all entries out, or all but the global ones.</summary>
    public void Flush(bool keepGlobal)
    {
        for (int index = 0; index < Count; index++)
        {
            if (!keepGlobal || !_entries[index].IsGlobal)
            {
                Drop(index);
            }
        }
    }

    private bool TryWrite(int index)
    {
        ulong hi = EntryHi & ~(PageMask | Free);
        var entry = new R4000Entry { PageMask = PageMask, EntryHi = hi, EntryLo0 = EntryLo0, EntryLo1 = EntryLo1 };
        ulong care = ~(PageMask | 0x1F00 | (entry.IsGlobal ? AsidMask : 0));
        ulong match = entry.EntryHi & (PairMask | AsidMask);
        if (HasOther(index, match, care))
        {
            return false;
        }

        _entries[index] = entry;
        _match[index] = match;
        _care[index] = care | Free;
        _hints[(byte)(match >> 13)] = (byte)index;
        return true;
    }

    // Whether another entry matches an address that this one would. A pair of 4 KB pages of one space is one key.
    private bool HasOther(int index, ulong match, ulong care)
    {
        if (care == ~0x1F00UL)
        {
            int found = Scan(match);
            return found >= 0 && found != index;
        }

        for (int other = 0; other < Count; other++)
        {
            if (((match ^ _match[other]) & care & _care[other]) == 0 && other != index && IsUsed(other))
            {
                return true;
            }
        }

        return false;
    }

    // No two entries match one key, so that any order finds the same.
    private int Scan(ulong key)
    {
        Vector256<ulong> wanted = Vector256.Create(key);
        ref ulong match = ref MemoryMarshal.GetArrayDataReference(_match);
        ref ulong care = ref MemoryMarshal.GetArrayDataReference(_care);
        for (int index = 0; index < _match.Length; index += 4)
        {
            Vector256<ulong> cared = Vector256.LoadUnsafe(ref care, (nuint)index);
            Vector256<ulong> apart = (Vector256.LoadUnsafe(ref match, (nuint)index) ^ wanted) & cared;
            uint hits = Vector256.Equals(apart, Vector256<ulong>.Zero).ExtractMostSignificantBits();
            if (hits != 0)
            {
                int found = index + BitOperations.TrailingZeroCount(hits);
                _hints[(byte)(key >> 13)] = (byte)found;
                return found;
            }
        }

        return -1;
    }
}
