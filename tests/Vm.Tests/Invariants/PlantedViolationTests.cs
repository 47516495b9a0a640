using BsdVm.Tests.Support;

namespace BsdVm.Tests.Invariants;

/// <summary>Each rule, broken on purpose, is named by the check.</summary>
public class PlantedViolationTests
{
    [Fact]
    public void A_sound_system_passes()
    {
        foreach (string layer in (string[])["shadow", "amap"])
        {
            Build(layer).Vm.System.CheckInvariants();
        }
    }

    [Fact]
    public void Map_order() => Expect("MAP-ORDER", planted => planted.Space.Map.First!.Start += 0x10);

    [Fact]
    public void Map_size() => Expect("MAP-SIZE", planted => planted.Space.Map.First!.End -= 0x1000);

    [Fact]
    public void Map_rights() => Expect("MAP-RIGHTS", planted => planted.Space.Map.First!.MaxProtection = Protection.Read);

    [Fact]
    public void Map_copy() => Expect("MAP-COPY", planted =>
    {
        planted.Space.Map.First!.NeedsCopy = true;
        planted.Space.Map.First!.CopyOnWrite = false;
    });

    [Fact]
    public void Map_index() => Expect("MAP-INDEX", planted => planted.Space.Map.First!.Tree.LargestGap++);

    [Fact]
    public void Object_references() => Expect("OBJ-REFS", planted => planted.Space.Map.First!.Object!.RefCount++);

    [Fact]
    public void Object_chain() => Expect("OBJ-CHAIN", planted => planted.Child.Map.First!.Object!.ShadowOffset = 1);

    [Fact]
    public void Object_pages() => Expect("OBJ-PAGES", planted => planted.Space.Map.First!.Object!.ResidentCount++);

    [Fact]
    public void Page_use() => Expect("PAGE-USE", planted => planted.Vm.System.Pages[planted.Frame].Anon = 7);

    [Fact]
    public void Page_queues() => Expect("PAGE-QUEUES", planted => planted.Vm.System.Pages.Queues.Dequeue(planted.Frame));

    [Fact]
    public void Wire_count() => Expect("WIRE-COUNT", planted =>
    {
        planted.Vm.System.Pages.Queues.Wire(planted.Frame);
    });

    [Fact]
    public void Wire_mapped() => Expect("WIRE-MAPPED", planted => planted.Space.Map.First!.IsWired = true);

    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void Wire_mapped_sees_a_mapping_that_is_gone(string layer) => Expect("WIRE-MAPPED", planted =>
    {
        VmMapEntry entry = planted.Space.Map.First!;
        Assert.Equal(VmStatus.Success, planted.Space.Map.Wire(entry.Range));
        planted.Vm.System.CheckInvariants();
        planted.Space.UnmapPage(entry.Start);
    }, layer);

    [Fact]
    public void Tlb_owed_when_a_frame_is_freed() => ExpectOwed(static planted =>
    {
        planted.Vm.System.Pages.Frames.TryAllocate(out PageFrameNumber frame);
        Owe(planted);
        planted.Vm.System.Pages.Frames.Free(frame);
    });

    [Fact]
    public void Tlb_owed_when_a_table_is_freed() => ExpectOwed(static planted =>
    {
        planted.Vm.System.Pmaps.Frames.TryAllocate(1, 1, new(4096), out PageFrameNumber frame);
        Owe(planted);
        planted.Vm.System.Pmaps.Frames.Free(frame, 1);
    });

    [Theory]
    [InlineData("cleaned")]
    [InlineData("inserted")]
    public void Tlb_owed_when_a_page_is(string what) => ExpectOwed(planted =>
    {
        Owe(planted);
        planted.Vm.System.CheckDelivered(planted.Frame, what);
    });

    [Fact]
    public void Nothing_owed_is_nothing_wrong()
    {
        Planted planted = Build("shadow");
        planted.Vm.System.CheckDelivered(planted.Frame, "cleaned");
        Assert.True(planted.Vm.System.Pages.Frames.TryAllocate(out PageFrameNumber frame));
        planted.Vm.System.Pages.Frames.Free(frame);
        planted.Vm.System.CheckInvariants();
    }

    [Fact]
    public void Page_clean() => Expect("PAGE-CLEAN", planted =>
    {
        planted.File.Object.TryGetPage(0, out PageFrameNumber frame);
        planted.Vm.System.Machine.Memory.Write8(frame.Address, 0xEE);
    });

    [Fact]
    public void Pmap_backed() => Expect("PMAP-BACKED", planted =>
    {
        VmMapEntry entry = planted.Space.Map.First!;
        entry.Offset += 0x1000;
    });

    [Fact]
    public void Pmap_rights() => Expect("PMAP-RIGHTS", planted => planted.Space.Map.First!.Protection = Protection.Read);

    [Fact]
    public void Pmap_rights_of_a_page_that_needs_a_copy() => Expect("PMAP-RIGHTS", planted => planted.Space.Map.First!.NeedsCopy = true);

    [Fact]
    public void Pmap_counts()
    {
        (TestVm vm, VmSpace space, _, _, _) = Build("shadow");
        typeof(Pmap).GetProperty(nameof(Pmap.ResidentCount))!.SetValue(space.Pmap, 99L);
        Assert.Equal("PMAP-COUNTS", Assert.Throws<InvariantViolationException>(vm.System.CheckInvariants).Rule);
    }

    [Fact]
    public void Pv_symmetry()
    {
        (TestVm vm, VmSpace space, _, _, _) = Build("shadow");
        // A removal that the page lists hear of twice.
        space.Pmap.TryExtract(TestVm.Page(0), out PmapMapping mapping);
        space.Pmap.Remove(TestVm.Pages(0, 1));
        void Again() => vm.System.Pmaps.NoteRemoved(space.Pmap, mapping);
        Assert.Equal("PV-SYMMETRY", Assert.Throws<InvariantViolationException>(Again).Rule);
    }

    [Fact]
    public void Pv_symmetry_counts() => Expect("PV-SYMMETRY", planted => planted.Vm.System.Pmaps.NoteEntered(
        planted.Space.Pmap, new PmapMapping(TestVm.Page(3), planted.Frame, Protection.Read, PmapFlags.None)));

    [Fact]
    public void Pv_symmetry_of_a_mapping_that_is_listed_twice() => Expect("PV-SYMMETRY", planted =>
    {
        // Another frame's mapping loses its place in the lists, so that their number is right.
        planted.Space.Pmap.TryExtract(TestVm.Page(0), out PmapMapping first);
        planted.Space.Pmap.TryExtract(TestVm.Page(1), out PmapMapping second);
        planted.Vm.System.Pmaps.NoteEntered(planted.Space.Pmap, first);
        planted.Vm.System.Pmaps.NoteRemoved(planted.Space.Pmap, second);
        planted.Vm.System.Pmaps.Update();
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Tlb_fresh_a_forgotten_shootdown_is_caught(int cpus)
    {
        (TestVm vm, VmSpace space, _, _, _) = Build("shadow", cpus);
        Cpu last = vm.System.Machine.Cpus[cpus - 1];
        space.Activate(last);
        Assert.True(last.Access(TestVm.Page(0), AccessKind.Read, out _));
        vm.System.CheckInvariants();
        // The processor has the page, but nobody remembers that it does.
        typeof(Pmap).GetProperty(nameof(Pmap.CachedOn))!.SetValue(space.Pmap, 0UL);
        space.Pmap.Remove(TestVm.Pages(0, 1));
        vm.System.Pmaps.Update();
        Assert.Equal("TLB-FRESH", Assert.Throws<InvariantViolationException>(vm.System.CheckInvariants).Rule);
    }

    [Fact]
    public void Amap_references() => Expect("AMAP-REFS", planted => planted.Space.Map.First!.Amap!.RefCount++, "amap");

    [Fact]
    public void Anon_references() => Expect("ANON-REFS", planted =>
    {
        Amap amap = planted.Space.Map.First!.Amap!;
        (ulong slot, int anon) = amap.Slots.First();
        amap.Set(slot + 3, anon);
    }, "amap");

    private sealed record Planted(TestVm Vm, VmSpace Space, VmSpace Child, Vnode File, PageFrameNumber Frame);

    private static void Expect(string rule, Action<Planted> plant, string layer = "shadow")
    {
        Planted planted = Build(layer);
        plant(planted);
        InvariantViolationException found = Assert.Throws<InvariantViolationException>(planted.Vm.System.CheckInvariants);
        Assert.Equal(rule, found.Rule);
    }

    private static void ExpectOwed(Action<Planted> act)
    {
        Planted planted = Build("shadow");
        Assert.Equal("TLB-OWED", Assert.Throws<InvariantViolationException>(() => act(planted)).Rule);
    }

    // The space is active on a processor, whose TLB may hold the page.
    private static void Owe(Planted planted)
    {
        planted.Space.Activate(planted.Vm.Cpu);
        planted.Space.Pmap.Remove(TestVm.Pages(1, 1));
        Assert.True(planted.Vm.System.Pmaps.HasOwedInvalidations);
    }

    // Two processes with a copy-on-write page each way, and a file that is read.
    private static Planted Build(string layer, int cpus = 1)
    {
        var vm = new TestVm(layer, cpus: cpus);
        VmSpace space = vm.NewSpace();
        vm.MapAnonymous(space, 0, 4);
        vm.Store(space, 0, 1);
        vm.Store(space, 1, 1);
        VmSpace child = vm.Fork(space);
        vm.Store(child, 0, 2);
        vm.Store(space, 0, 3);
        Vnode file = vm.System.CreateVnode("f", 8192, 5);
        vm.MapFile(space, 8, 1, file, shared: true);
        Assert.Equal(5, vm.Load(space, 8));
        space.Pmap.TryExtract(TestVm.Page(0), out PmapMapping mapping);
        return new Planted(vm, space, child, file, mapping.Frame);
    }
}
