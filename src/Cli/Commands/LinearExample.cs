using System.Globalization;

namespace BsdVm.Cli;

/// <summary>A linear page table of 4-byte entries in memory: one entry a page of a 32-bit address space, in 1024 adjacent frames.</summary>
internal sealed class LinearExample
{
    private const ulong Base = 0x100000;
    private const int EntryBytes = 4;
    private const uint Valid = 1;

    private readonly PhysicalMemory _memory = new(0x5000);

    /// <summary>Puts a page into a frame.</summary>
    public void Map(ulong page, ulong frame) => _memory.Write32(EntryOf(page), (uint)(frame * PageSize.BaseBytes) | Valid);

    /// <summary>Stores a byte where the table says.</summary>
    public void Store(VirtualAddress address, byte value) => _memory.Write8(PhysicalOf(address), value);

    /// <summary>Loads a byte from where the table says.</summary>
    public byte Load(VirtualAddress address) => _memory.Read8(PhysicalOf(address));

    /// <summary>The one load of an entry, and what comes out.</summary>
    public WalkExplanation Explain(VirtualAddress address)
    {
        ulong page = address.Value / PageSize.BaseBytes;
        uint entry = _memory.Read32(EntryOf(page));
        bool isValid = (entry & Valid) != 0;
        PhysicalAddress physical = isValid ? PhysicalOf(address) : default;
        var step = new WalkStep(
            "entry", new(Base), int.CreateChecked(page), EntryOf(page), entry, EntryBytes,
            isValid ? string.Create(CultureInfo.InvariantCulture, $"valid, frame 0x{entry / PageSize.BaseBytes:x}") : "not valid");
        return new(
            address, $"page 0x{page:x}, offset 0x{address.Value % PageSize.BaseBytes:x}", [step], isValid, physical,
            isValid ? $"physical address {physical}" : "fault: not valid");
    }

    private static PhysicalAddress EntryOf(ulong page) => new(Base + (page * EntryBytes));

    private PhysicalAddress PhysicalOf(VirtualAddress address)
    {
        uint entry = _memory.Read32(EntryOf(address.Value / PageSize.BaseBytes));
        return new((entry & ~(PageSize.BaseBytes - 1)) | (address.Value % PageSize.BaseBytes));
    }
}
