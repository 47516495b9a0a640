using BsdVm.Snapshots;

namespace BsdVm.Views.Tests;

/// <summary>Maps, objects, frames, TLBs and walks as text, drawn from snapshots made by hand.</summary>
public class StateViewTests
{
    private static readonly VmObjectSnapshot File = new()
    {
        Id = 1,
        FileName = "f",
        IsAnonymous = false,
        SizeBytes = 5000,
        RefCount = 1,
        ShadowCount = 1,
        PagingInProgress = 0,
        PagerKind = "vnode",
        Pages = [new(0, new(0x40))],
    };

    private static readonly VmObjectSnapshot Copy = new()
    {
        Id = 2,
        IsAnonymous = true,
        SizeBytes = 8192,
        RefCount = 1,
        ShadowCount = 0,
        PagingInProgress = 0,
        PagerKind = "swap",
        StoredCount = 3,
        Shadow = File,
        ShadowOffset = 0x1000,
        Pages = [.. Enumerable.Range(0, 17).Select(static page => new ResidentPage((ulong)page, new(0x50)))],
    };

    private static readonly AmapSnapshot Amap = new() { Id = 7, RefCount = 1, Slots = [new(0x10, new(5, 1, new PageFrameNumber(0x41)))] };

    [Fact]
    public void A_map_is_a_line_an_entry()
    {
        VmMapEntrySnapshot wired = Entry(0x20000, null, Amap) with { IsWired = true, Advice = VmAdvice.Random };
        VmSpaceSnapshot space = Space(Entry(0x10000, Copy, null), wired);
        Shown.Is(
            """
            map (2 entries, 4 pages; 1 mapped in the pmap)
              range        rights  max  sharing  inherit  upper           lower           flags
              10000-12000  rw-     rwx  private  copy     -               object 2 + 0x0  copy-on-write
              20000-22000  rw-     rwx  private  copy     amap 7 slot 10  -               copy-on-write wired random


            """,
            output => MapView.WriteText(output, space));
    }

    [Fact]
    public void A_chain_goes_from_the_object_that_nothing_shadows_down()
    {
        string many = string.Join("  ", Enumerable.Range(0, 16).Select(static page => $"{page}->frame 0x50"));
        Shown.Is(
            $"""
            objects (2)
              object 2: anonymous, 2 pages, 1 references, 3 paged out
                pages: {many}  ... 1 more
                | shadows, from 0x1000
                  object 1: file f, 5000 bytes, 1 references
                    pages: 0->frame 0x40
            amaps (1)
              amap 7, 1 entries: [10] anon 5


            """,
            output => ObjectView.WriteText(output, System()));
    }

    [Fact]
    public void Frames_are_counted_queued_and_listed_on_demand()
    {
        string brief =
            """
            frames: 64 in all, 61 free, 0 wired, 1 in page tables
              active      1: 0x40
              inactive    0: 

            """.ReplaceLineEndings("\n");
        Shown.Is(brief + "\n", output => FrameView.WriteText(output, System().Pages, allFrames: false));
        Shown.Is(
            brief + "  frame 0x40: object, 2 mappings, 0 wirings\n\n",
            output => FrameView.WriteText(output, System().Pages, allFrames: true));
    }

    [Fact]
    public void A_large_page_of_a_tlb_is_shown_in_its_parts()
    {
        TlbEntrySnapshot large = new(
            new(0x40_0000), new(13), 1, new(0x8000), Protection.Read, Protection.ReadWrite, IsModified: false, IsGlobal: true);
        CpuSnapshot cpu = new()
        {
            Id = 0,
            Mode = PrivilegeMode.User,
            Tag = 1,
            Tlbs = [new("data", new(4, 2), [large])],
            WalkerEntries = [large with { Size = PageSize.Base, IsModified = true }],
        };
        Shown.Is(
            """
            data TLB of CPU 0, 4x2 entries x ways: 2 pages in use
              page      tag  frame  user  supervisor  flags
              0x400000    1  0x8    r--   rw-         global
              0x401000    1  0x9    r--   rw-         global
            joint TLB of CPU 0, filled by software: 1 pages in use
              page      tag  frame  user  supervisor  flags
              0x400000    1  0x8    r--   rw-         modified global


            """,
            output => TlbView.WriteText(output, [cpu]));
        Assert.Equal("joint", (string?)TlbView.ToJson([cpu])[1]!["name"]);
    }

    [Fact]
    public void Where_nothing_can_be_walked_the_mapping_is_told()
    {
        VmSpaceSnapshot space = Space();
        Shown.Is(
            "0x10abc: frame 0x40, r-- (no tables in memory: nothing to walk)\n",
            output => WalkView.WriteText(output, null, space, new(0x10abc)));
        Shown.Is(
            "0x11abc: not mapped (no tables in memory: nothing to walk)\n",
            output => WalkView.WriteText(output, null, space, new(0x11abc)));
        Shown.Is(
            """{"va":"0x10abc","pa":"0x40abc","split":null,"steps":[],"references":null,"conclusion":null}""",
            WalkView.ToJson(null, space, new(0x10abc)));
    }

    private static VmMapEntrySnapshot Entry(ulong start, VmObjectSnapshot? lower, AmapSnapshot? upper) => new()
    {
        Range = new(new(start), 0x2000),
        Protection = Protection.ReadWrite,
        MaxProtection = Protection.All,
        Inheritance = VmInheritance.Copy,
        IsShared = false,
        CopyOnWrite = true,
        NeedsCopy = false,
        SharesUpper = false,
        IsWired = false,
        GrowsDown = false,
        Advice = VmAdvice.Normal,
        Object = lower,
        Offset = 0,
        Amap = upper,
        AmapSlot = upper is null ? 0UL : 0x10,
    };

    private static VmSpaceSnapshot Space(params VmMapEntrySnapshot[] entries) => new()
    {
        Id = 1,
        Map = new() { Bounds = new(new(0x1000), 0x70000000), SizeBytes = 0x2000 * (ulong)entries.Length, Entries = [.. entries] },
        Mappings = [new(new(0x10000), new(0x40), Protection.Read, PmapFlags.None)],
        TableUse = new() { Bytes = 0 },
        Tables = new MappingSnapshot("reference", []),
        MinorFaults = 0,
        MajorFaults = 0,
    };

    private static VmSystemSnapshot System() => new()
    {
        Spaces = [],
        Objects = [File, Copy],
        Amaps = [Amap],
        Cpus = [],
        Pages = new()
        {
            TotalCount = 64,
            FreeCount = 61,
            WiredCount = 0,
            TableCount = 1,
            Active = [new(0x40)],
            Inactive = [],
            InUse =
            [
                new()
                {
                    Frame = new(0x40), Use = FrameUse.Object, Queue = PageQueue.Active, WireCount = 0, IsBusy = false, ObjectId = 1,
                    MappingCount = 2,
                },
            ],
        },
    };
}
