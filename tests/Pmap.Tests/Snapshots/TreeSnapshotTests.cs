using BsdVm.Arm;
using BsdVm.Snapshots;
using BsdVm.X86;

namespace BsdVm.Tests.Snapshots;

/// <summary>Snapshots of trees say what the walker's pictures of the same tables say, and map what the pmap maps.</summary>
public class TreeSnapshotTests
{
    private static readonly AddressRange All = new(new(0), 0xC000_0000);

    public static TheoryData<string> Machines => ["x86-2level", "x86-pae", "x86-4level", "armv7-short"];

    [Theory]
    [MemberData(nameof(Machines))]
    public void The_tables_are_those_that_the_walker_reads(string name)
    {
        Pmap pmap = Filled(name);
        var snapshot = Assert.IsType<TreeSnapshot>(pmap.Snapshot());
        Assert.Equal(
            pmap.CreateView()!.Tables().Select(static table => (table.Name, table.Base, table.Covers, table.EntryBytes, Words(table))),
            snapshot.Tables.Select(static table => (table.Name, table.Base, table.Covers, table.EntryBytes, Words(table))));
        Assert.Equal(pmap.Pages(All), snapshot.Pages.Select(static page => (page.Mapping, page.Size)));
        Assert.Equal(name, snapshot.Backend);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Taking_one_counts_nothing(string name)
    {
        Pmap pmap = Filled(name);
        long before = pmap.Owner.Counters.TableReferences;
        _ = pmap.Snapshot().Pages.Count();
        Assert.Equal(before, pmap.Owner.Counters.TableReferences);
    }

    [Fact]
    public void Large_pages_are_one_entry()
    {
        Pmap four = Filled("x86-4level");
        Assert.True(((X86Pmap<X86FourLevel>)four).TryEnterLarge(new(0x4000_0000), new(0x20_0000), X86EntryFlags.Writable));
        Assert.Contains(four.Snapshot().Pages, static page => page.Size.Shift == 21 && page.Mapping.Address.Value == 0x4000_0000);

        var arm = (ArmPmap)Filled("armv7-short");
        Assert.True(arm.TryEnterLarge(new(0x4000_0000), new(0x100_0000), new(24), Protection.ReadWrite));
        Assert.True(arm.TryEnterLarge(new(0x5000_0000), new(0x1_0000), new(16), Protection.Read));
        Assert.Equal(arm.Pages(All), arm.Snapshot().Pages.Select(static page => (page.Mapping, page.Size)));
    }

    private static string Words(TranslationTable table) =>
        string.Join('\n', table.Entries.Select(static entry => $"{entry.Index} {entry.First} {entry.Entry:x} {entry.Meaning}"));

    private static string Words(TableNode table) =>
        string.Join('\n', table.Entries.Select(static entry => $"{entry.Index} {entry.First} {entry.Word:x} {entry.Meaning}"));

    private static Pmap Filled(string name)
    {
        PmapBackend backend = X86Backends.All.Concat(ArmBackends.All).Single(backend => backend.Name == name);
        var machine = new Machine(512, 1, TlbSpecification.Default, backend.CreateMmu);
        var system = new PmapSystem(machine, backend, new Conformance.CountingFrameSource(machine.Memory, new(256), 256));
        Assert.True(system.TryCreate(out Pmap? pmap));
        foreach ((ulong address, ulong frame, Protection rights) in (ReadOnlySpan<(ulong, ulong, Protection)>)
            [(0x1000, 3, Protection.ReadWrite), (0x2000, 3, Protection.Read), (0x40_3000, 7, Protection.ReadExecute), (0xBFFF_F000, 9, Protection.All)])
        {
            Assert.Equal(PmapStatus.Success, pmap.Enter(new(address), new(frame), rights, AccessKind.Read, wired: address == 0x2000));
        }

        return pmap;
    }
}
