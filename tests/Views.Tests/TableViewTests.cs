using BsdVm.Snapshots;

namespace BsdVm.Views.Tests;

/// <summary>Page tables of each structure as text and as JSON, drawn from snapshots made by hand.</summary>
public class TableViewTests
{
    private static readonly TableEntry First = new(0x10, new(0x10000), new(0x5040), 0x9003, "frame 0x9 rw-");
    private static readonly TableEntry Second = new(0x11, new(0x11000), new(0x5044), 0xa001, "frame 0xa r--");

    [Fact]
    public void A_tree_is_its_tables_outermost_first()
    {
        var table = new TableNode("page table", new(0x5000), new(new(0), 0x40_0000), 4, 1024, [First, Second]);
        var entry = new TableEntry(0, new(0), new(0x2000), 0x5001, "page table at 0x5000") { Below = table };
        var tree = new TreeSnapshot("toy", new TableNode("page directory", new(0x2000), new(new(0), 0x1_0000_0000), 4, 1024, [entry]));
        Shown.Is(
            """
            page directory at 0x2000, for 0x0-0xffffffff: 1 entries in use
              [   0] 0x0            0x00005001  page table at 0x5000
            page table at 0x5000, for 0x0-0x3fffff: 2 entries in use
              [  16] 0x10000        0x00009003  frame 0x9 rw-
              [  17] 0x11000        0x0000a001  frame 0xa r--

            """,
            output => TableView.WriteText(output, tree));
        Shown.Is(
            """
            [{"name":"page directory","base":"0x2000","first":"0x0","last":"0xffffffff","entries":[
            {"index":0,"va":"0x0","entry":"0x5001","meaning":"page table at 0x5000"}]},
            {"name":"page table","base":"0x5000","first":"0x0","last":"0x3fffff","entries":[
            {"index":16,"va":"0x10000","entry":"0x9003","meaning":"frame 0x9 rw-"},
            {"index":17,"va":"0x11000","entry":"0xa001","meaning":"frame 0xa r--"}]}]
            """,
            TableView.ToJson(tree));
    }

    [Fact]
    public void An_array_is_its_entries()
    {
        var array = new ArraySnapshot("flat", new(0x5000), 4, 1 << 20, [First]);
        Shown.Is(
            """
            array at 0x5000, 1048576 entries of 4 bytes: 1 entries in use
              [  16] 0x10000        0x00009003  frame 0x9 rw-

            """,
            output => TableView.WriteText(output, array));
        Shown.Is(
            """
            [{"name":"array","base":"0x5000","count":1048576,"entries":[
            {"index":16,"va":"0x10000","entry":"0x9003","meaning":"frame 0x9 rw-"}]}]
            """,
            TableView.ToJson(array));
    }

    [Fact]
    public void A_hash_table_is_its_buckets_in_use()
    {
        HashEntry own = new(new(0x8000), 0x21, 2, "page 0x10", [First]);
        HashEntry other = new(new(0x8018), 0x22, 4, "page 0x11", [Second]);
        var table = new HashSnapshot("hashed", 2, 64, [new(0, 3, new(0x7018), [own, other])]);
        Shown.Is(
            """
            hash table of 64 buckets for all address spaces, this one is 2: 1 buckets in use, 2 entries
              bucket 3 at 0x7018
                entry at 0x8000, tag 0x21: page 0x10
                  0x10000        0x9003  frame 0x9 rw-
                entry at 0x8018, tag 0x22: page 0x11
                  0x11000        0xa001  frame 0xa r--

            """,
            output => TableView.WriteText(output, table));
        Shown.Is(
            """
            [{"name":"hash table","space":2,"count":64,"buckets":[{"way":0,"index":3,"address":"0x7018","chain":[
            {"address":"0x8000","tag":"0x21","space":2,"meaning":"page 0x10","entries":[
            {"index":16,"va":"0x10000","entry":"0x9003","meaning":"frame 0x9 rw-"}]},
            {"address":"0x8018","tag":"0x22","space":4,"meaning":"page 0x11","entries":[
            {"index":17,"va":"0x11000","entry":"0xa001","meaning":"frame 0xa r--"}]}]}]}]
            """,
            TableView.ToJson(table));
    }

    [Fact]
    public void A_table_of_several_ways_says_which()
    {
        HashEntry entry = new(new(0x8000), 0x10, null, "page 0x10", [First]);
        HashBucket second = new(2, 7, new(0x9000), [entry with { At = new(0x9000) }]);
        var table = new HashSnapshot("cuckoo", null, 96, [new(0, 3, new(0x8000), [entry]), second]);
        Shown.Is(
            """
            hash table of 96 buckets: 2 buckets in use, 2 entries
              way 0 bucket 3 at 0x8000
                entry at 0x8000, tag 0x10: page 0x10
                  0x10000        0x9003  frame 0x9 rw-
              way 2 bucket 7 at 0x9000
                entry at 0x9000, tag 0x10: page 0x10
                  0x10000        0x9003  frame 0x9 rw-

            """,
            output => TableView.WriteText(output, table));
    }

    [Fact]
    public void A_guarded_table_is_its_paths()
    {
        GuardedEntry leaf = new(1, new(0x6010), 0x4, 0x9003, 0x10, "frame 0x9 rw-") { Page = First.Page };
        GuardedEntry root = new(0, new(0), 0x10, 0x6000, 0, "node at 0x6000") { Below = new(new(0x6000), 0, 4, [leaf]) };
        Shown.Is(
            """
            guarded table, root entry in a register:
              [ 0] guard 0x0  0x10 0x6000  node at 0x6000
                node at 0x6000, bits 3:0 of the page number: 1 entries in use
                  [ 1] guard 0x10  0x4 0x9003  frame 0x9 rw-

            """,
            output => TableView.WriteText(output, new GuardedSnapshot("guarded", root)));
        Shown.Is("guarded table: empty\n", output => TableView.WriteText(output, new GuardedSnapshot("guarded", null)));
        Shown.Is(
            """
            [{"name":"guarded table","root":{"index":0,"address":"0x0","guard":"0x0","words":["0x10","0x6000"],
            "meaning":"node at 0x6000","va":null,"node":{"base":"0x6000","lowBit":0,"bits":4,"entries":[
            {"index":1,"address":"0x6010","guard":"0x10","words":["0x4","0x9003"],"meaning":"frame 0x9 rw-","va":null,"node":null}]}}}]
            """,
            TableView.ToJson(new GuardedSnapshot("guarded", root)));
    }

    [Fact]
    public void Mappings_without_tables_are_no_tables()
    {
        var none = new MappingSnapshot("reference", [new(new(0x1000), new(3), Protection.Read, PmapFlags.None)]);
        Shown.Is("this machine has no tables in memory\n", output => TableView.WriteText(output, none));
        Shown.Is("[]", TableView.ToJson(none));
    }
}
