using BsdVm.X86;

namespace BsdVm.Lab.Tests;

/// <summary>A structure's own tables, played by hand.</summary>
public class TableReplicaTests
{
    private static readonly AddressRange Page = new(new(0x40_0000), PageSize.BaseBytes);

    // A kernel delivers what it owes after each call; a walk that found more than that would be counted wrongly.
    [Theory]
    [InlineData("mips-hashed")]
    [InlineData("radix")]
    [InlineData("x86-4level")]
    public void What_a_call_owes_is_delivered_with_it(string name)
    {
        TableReplica replica = Make(name);
        var events = new TableEvents();
        Enter(events);
        events.AddWalk(Page.Start, AccessKind.Read, isMiss: true);
        events.Add(new TableChange(TableChangeKind.Call, 1, new PmapCall(PmapCallKind.Remove, Page)));
        replica.Play(events);
        Assert.Equal(1, replica.Summarize(16, radixBytes: 4096, CostModel.Default).Walks);
    }

    [Theory]
    [InlineData("mips-hashed")]
    [InlineData("mips-radix")]
    public void The_first_store_traps_where_software_records_it(string name)
    {
        TableReplica replica = Make(name);
        var events = new TableEvents();
        Enter(events);
        events.AddWalk(Page.Start, AccessKind.Read, isMiss: true);
        events.AddWalk(Page.Start, AccessKind.Write, isMiss: false);
        events.AddWalk(Page.Start, AccessKind.Write, isMiss: true);
        replica.Play(events);
        StructureSummary seen = replica.Summarize(16, radixBytes: 4096, CostModel.Default);
        Assert.Equal((1, 2), (seen.ModifyTraps, seen.Walks));
    }

    private static TableReplica Make(string name) => new(
        name == X86Backends.FourLevel.Name ? X86Backends.FourLevel : Structures.Named(name),
        null,
        frameCount: 16,
        [],
        promotesLargePages: false,
        frames: 16);

    private static void Enter(TableEvents events)
    {
        events.Add(new TableChange(TableChangeKind.Switch, 1));
        var call = new PmapCall(PmapCallKind.Enter, Page, new(3), Protection.ReadWrite, AccessKind.Read);
        events.Add(new TableChange(TableChangeKind.Call, 1, call));
    }
}
