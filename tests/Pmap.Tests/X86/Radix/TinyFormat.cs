using System.Diagnostics.CodeAnalysis;
using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>
/// x86-64 entries in tables of two, so that two pages make a large one: random tests of a few frames promote, demote and share all the
/// time. Above that, three levels of 512.
/// </summary>
internal readonly struct TinyFormat : IX86Format
{
    public static string Name => "tiny";

    public static string Architecture => "none";

    public static int Levels => 4;

    public static int EntryShift => 3;

    public static PageFrameNumber FrameLimit => X86FourLevel.FrameLimit;

    public static PageFrameNumber RootFrameLimit => FrameLimit;

    public static bool HasExecuteDisable => true;

    public static bool HasProtectionKeys => true;

    public static bool HasPointerRegisters => false;

    public static bool HasProcessContexts => true;

    public static int IndexBits(int level) => level == 1 ? 1 : 9;

    public static int IndexShift(int level) => level == 1 ? 12 : 13 + (9 * (level - 2));

    public static string EntryName(int level) => "E" + level;

    public static string TableName(int level) => "T" + level;

    public static bool IsTranslatable(ulong address) => (ulong)((long)(address << 24) >> 24) == address;

    public static PhysicalAddress RootOf(ulong cr3) => X86FourLevel.RootOf(cr3);

    public static bool IsLarge(ulong entry, int level, in X86Registers registers) =>
        level == 2 && X86FourLevel.IsLarge(entry, level, registers);

    public static ulong ReservedBits(int level, bool isLarge, in X86Registers registers) =>
        X86FourLevel.ReservedBits(level, false, registers);

    public static ulong PageBase(ulong entry, int level) => X86FourLevel.PageBase(entry, 1) & ~((1UL << IndexShift(level)) - 1);

    public static ulong EncodeLarge(PhysicalAddress page, int level, X86EntryFlags flags) => X86FourLevel.EncodeLarge(page, level, flags);

    public static bool IsTable(ulong entry, int level) => X86FourLevel.IsTable(entry, level);

    public static PhysicalAddress TableOf(ulong entry, int level) => X86FourLevel.TableOf(entry, level);

    public static ulong EncodeTable(PhysicalAddress table, int level) => X86FourLevel.EncodeTable(table, level);

    public static ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags) =>
        X86FourLevel.EncodePage(frame, rights, flags);

    public static PmapMapping DecodePage(VirtualAddress address, ulong entry) => X86FourLevel.DecodePage(address, entry);

    public static ulong Promote(ulong entry) => X86FourLevel.Promote(entry);

    public static ulong Piece(ulong large, int index) => X86FourLevel.Piece(large, index);
}

/// <summary>The format as a backend. Each system that it makes a pmap for promotes if the backend does.</summary>
internal sealed class TinyBackend(bool promotes) : PmapBackend
{
    public override string Name => "tiny";

    public override string Description => "two pages a table";

    public override PmapCapabilities Capabilities { get; } = X86Backends.FourLevel.Capabilities with
    {
        VirtualAddressBits = 40,
        UserLimit = 0x7F_FFFF_F000,
        PageSizes = [PageSize.Base, new(13)],
    };

    public override Mmu CreateMmu(PhysicalMemory memory) => new X86Mmu<TinyFormat>(memory);

    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap)
    {
        system.PromotesLargePages = promotes;
        return X86Pmap<TinyFormat>.TryCreate(system, id, out pmap);
    }
}

/// <summary>A backend of this library, whose systems promote.</summary>
internal sealed class PromotingBackend(PmapBackend inner) : PmapBackend
{
    public override string Name => inner.Name;

    public override string Description => inner.Description;

    public override PmapCapabilities Capabilities => inner.Capabilities;

    public override Mmu CreateMmu(PhysicalMemory memory) => inner.CreateMmu(memory);

    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap)
    {
        system.PromotesLargePages = true;
        return inner.TryCreatePmap(system, id, out pmap);
    }
}
