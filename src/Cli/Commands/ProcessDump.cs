using System.Text.Json.Nodes;
using BsdVm.Posix;

namespace BsdVm.Cli;

/// <summary>
/// One process of a dump: the root of its tables, the mappings as a walker finds them that knows nothing but that root, and what the
/// walker answers to accesses in, between and beside them.
/// </summary>
internal sealed class ProcessDump
{
    // Addresses drawn anywhere in the address space, a process.
    private const int RandomAddresses = 8;

    private static readonly (string Name, AccessKind Kind)[] Kinds =
        [("read", AccessKind.Read), ("write", AccessKind.Write), ("execute", AccessKind.Execute)];

    private static readonly (string Name, PrivilegeMode Mode)[] Modes =
        [("user", PrivilegeMode.User), ("supervisor", PrivilegeMode.Supervisor)];

    private readonly string _name;
    private readonly Pmap _pmap;
    private readonly Mmu _view;
    private readonly (VirtualAddress Start, PhysicalAddress Physical, ulong LengthBytes)[] _pages;

    private ProcessDump(string name, Pmap pmap, TranslationRoot root, Mmu view)
    {
        _name = name;
        _pmap = pmap;
        _view = view;
        Root = root;
        _pages = [.. pmap.Pages(AddressRange.FromTo(new(0), new(pmap.Owner.Backend.Capabilities.UserLimit)))
            .Where(page => IsKnown(page.Mapping.Address))
            .Select(static page => (page.Mapping.Address, page.Mapping.Frame.Address, page.Size.Bytes))];
    }

    public TranslationRoot Root { get; }

    /// <summary>Null on a machine whose tables nobody else can read.</summary>
    public static ProcessDump? Of(Process process)
    {
        Pmap pmap = process.Space.Pmap;
        return pmap.DescribeRoot() is { } root && pmap.CreateDescribedView() is { } view ? new(process.Name, pmap, root, view) : null;
    }

    public JsonObject ToJson() => new()
    {
        ["name"] = _name,
        ["root"] = RootToJson(),
        ["asid"] = _pmap.Tag,
        ["mappings"] = new JsonArray([.. _pages.Select(page => new JsonObject
        {
            ["va"] = page.Start.ToString(),
            ["pa"] = page.Physical.ToString(),
            ["length"] = page.LengthBytes,
            ["read"] = Allows(page.Start, AccessKind.Read),
            ["write"] = Allows(page.Start, AccessKind.Write),
            ["execute"] = Allows(page.Start, AccessKind.Execute),
            ["user"] = Kinds.Any(kind => Allows(page.Start, kind.Kind)),
        })]),
    };

    /// <summary>A JSON object an access: every kind by both modes.</summary>
    public IEnumerable<string> Queries() =>
        from address in Addresses()
        from kind in Kinds
        from mode in Modes
        select Query(address, kind, mode).ToJsonString();

    // What software loads into a TLB may be less than what it maps; the rest cannot be asked about.
    private bool IsKnown(VirtualAddress address) =>
        _view.TryProbe(address, AccessKind.Read, PrivilegeMode.Supervisor, out _, out MachineFault fault)
        || fault.Reason != FaultReason.NotPresent;

    private bool Allows(VirtualAddress address, AccessKind kind) => _view.TryProbe(address, kind, PrivilegeMode.User, out _, out _);

    private JsonObject RootToJson()
    {
        var root = new JsonObject();
        foreach ((string name, ulong value) in Root.Registers)
        {
            root[name] = $"0x{value:x}";
        }

        if (!Root.Tlb.IsEmpty)
        {
            root["tlb"] = new JsonArray([.. Root.Tlb.Select(static entry => new JsonObject
            {
                ["pagemask"] = $"0x{entry.PageMask:x}",
                ["entryhi"] = $"0x{entry.EntryHi:x}",
                ["entrylo0"] = $"0x{entry.EntryLo0:x}",
                ["entrylo1"] = $"0x{entry.EntryLo1:x}",
            })]);
        }

        return root;
    }

    // First, middle and last byte of each page; the bytes next to it where nothing is mapped; and some from anywhere.
    private IEnumerable<VirtualAddress> Addresses()
    {
        for (int index = 0; index < _pages.Length; index++)
        {
            (VirtualAddress start, _, ulong length) = _pages[index];
            if (start.Value > 0 && (index == 0 || _pages[index - 1].Start + _pages[index - 1].LengthBytes < start))
            {
                yield return start - 1;
            }

            yield return start;
            yield return start + (length / 2);
            yield return start + (length - 1);
            if (index + 1 == _pages.Length || start + length < _pages[index + 1].Start)
            {
                yield return start + length;
            }
        }

        var random = new Random(1);
        int bits = _pmap.Owner.Backend.Capabilities.VirtualAddressBits;
        for (int count = 0; count < RandomAddresses; count++)
        {
            // Of a wide space every second one from all 64 bits: most of them no address at all.
            ulong address = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            yield return new(bits > 32 && count % 2 == 0 ? address : address & (ulong.MaxValue >> (64 - bits)));
        }
    }

    private JsonObject Query(VirtualAddress address, (string Name, AccessKind Kind) kind, (string Name, PrivilegeMode Mode) mode)
    {
        bool succeeds = _view.TryProbe(address, kind.Kind, mode.Mode, out ulong translation, out MachineFault fault);
        ulong physical = (translation & TlbFlagsExtensions.PageMask) | (address.OffsetInPage);
        return new()
        {
            ["va"] = address.ToString(),
            ["access"] = kind.Name,
            ["priv"] = mode.Name,
            ["asid"] = _pmap.Tag,
            ["process"] = _name,
            ["expect"] = succeeds
                ? new JsonObject { ["result"] = "ok", ["pa"] = $"0x{physical:x}" }
                : new JsonObject { ["result"] = "fault", ["fault"] = _view.NameOf(fault) },
        };
    }
}
