using BsdVm.Snapshots;

namespace BsdVm.Script.Tests;

/// <summary>The structures that a snapshot was taken of, read one by one beside it.</summary>
internal static class LiveState
{
    /// <summary>Fails if the snapshot says anything else than the structures.</summary>
    public static void AssertEqual(VmSystem system, VmSystemSnapshot snapshot)
    {
        VmSpace[] spaces = [.. system.Spaces.OrderBy(static space => space.Pmap.Id)];
        Assert.Equal(spaces.Select(static space => space.Pmap.Id), snapshot.Spaces.Select(static space => space.Id));
        foreach ((VmSpace space, VmSpaceSnapshot seen) in spaces.Zip(snapshot.Spaces))
        {
            AssertSpace(space, seen);
        }

        Assert.Equal(system.Objects.Count, snapshot.Objects.Length);
        foreach ((VmObject live, VmObjectSnapshot seen) in system.Objects.All.Zip(snapshot.Objects))
        {
            AssertObject(live, seen);
        }

        AssertAmaps(spaces, snapshot);
        AssertFrames(system, snapshot.Pages);
        Assert.Equal(system.Machine.Cpus.Length, snapshot.Cpus.Length);
        AssertTlbs(system.Machine.Cpus[0], snapshot.Cpus[0]);
    }

    private static void AssertSpace(VmSpace space, VmSpaceSnapshot seen)
    {
        AddressRange all = AddressRange.FromTo(new(0), new(space.Pmap.Owner.Backend.Capabilities.UserLimit));
        Assert.Equal(space.Pmap.Mappings(all), seen.Mappings);
        Assert.Equal(seen.Mappings, seen.Tables.Pages.Select(static page => page.Mapping));
        Assert.Equal((space.Map.Bounds, space.Map.SizeBytes), (seen.Map.Bounds, seen.Map.SizeBytes));
        Assert.Equal((space.MinorFaults, space.MajorFaults), (seen.MinorFaults, seen.MajorFaults));
        VmMapEntry? entry = space.Map.First;
        foreach (VmMapEntrySnapshot one in seen.Map.Entries)
        {
            Assert.NotNull(entry);
            Assert.Equal(
                (entry.Range, entry.Protection, entry.MaxProtection, entry.Inheritance, entry.IsShared, entry.Offset, entry.AmapSlot),
                (one.Range, one.Protection, one.MaxProtection, one.Inheritance, one.IsShared, one.Offset, one.AmapSlot));
            Assert.Equal(
                (entry.CopyOnWrite, entry.NeedsCopy, entry.SharesUpper, entry.IsWired, entry.GrowsDown, entry.Advice),
                (one.CopyOnWrite, one.NeedsCopy, one.SharesUpper, one.IsWired, one.GrowsDown, one.Advice));
            Assert.Equal((entry.Object?.Id, entry.Amap?.Id), (one.Object?.Id, one.Amap?.Id));
            Assert.Same(one, seen.Map.Lookup(entry.Start));
            Assert.Same(one, seen.Map.Lookup(entry.End - 1));
            entry = entry.Next;
        }

        Assert.Null(entry);
    }

    private static void AssertObject(VmObject live, VmObjectSnapshot seen)
    {
        Assert.Equal(
            (live.Id, live.RefCount, live.ShadowCount, live.PagingInProgress, live.Vnode?.Name, live.Pager?.Kind),
            (seen.Id, seen.RefCount, seen.ShadowCount, seen.PagingInProgress, seen.FileName, seen.PagerKind));
        Assert.Equal(
            live.ResidentPages.Select(static page => new ResidentPage(page.Index, page.Frame)).OrderBy(static page => page.Index),
            seen.Pages);
        var chain = new List<(int Id, ulong Offset)>();
        for (VmObject? each = live; each is not null; each = each.Shadow)
        {
            chain.Add((each.Id, each.ShadowOffset));
        }

        Assert.Equal(chain, seen.Chain().Select(static each => (each.Id, each.ShadowOffset)));
    }

    private static void AssertAmaps(VmSpace[] spaces, VmSystemSnapshot snapshot)
    {
        var live = new SortedDictionary<int, Amap>();
        foreach (VmSpace space in spaces)
        {
            for (VmMapEntry? entry = space.Map.First; entry is not null; entry = entry.Next)
            {
                if (entry.Amap is { } amap)
                {
                    live[amap.Id] = amap;
                }
            }
        }

        Assert.Equal(
            live.Values.Select(static amap => (amap.Id, amap.RefCount)),
            snapshot.Amaps.Select(static amap => (amap.Id, amap.RefCount)));
        foreach ((Amap amap, AmapSnapshot seen) in live.Values.Zip(snapshot.Amaps))
        {
            Assert.Equal(amap.Slots, seen.Slots.Select(static slot => (slot.Slot, slot.Anon.Id)));
        }

        // An anon's references are the slots that hold it, and its frame says that it holds the anon.
        Dictionary<PageFrameNumber, int?> frames = snapshot.Pages.InUse.ToDictionary(static page => page.Frame, static page => page.AnonId);
        IEnumerable<AmapSlotSnapshot> all = snapshot.Amaps.SelectMany(static amap => amap.Slots);
        foreach (IGrouping<AnonSnapshot, AmapSlotSnapshot> slots in all.GroupBy(static slot => slot.Anon))
        {
            Assert.Equal(slots.Key.RefCount, slots.Count());
            Assert.True(slots.Key.Frame is not { } frame || frames[frame] == slots.Key.Id, slots.Key.ToString());
        }
    }

    private static void AssertFrames(VmSystem system, VmPagesSnapshot seen)
    {
        VmPages pages = system.Pages;
        Assert.Equal(
            (pages.TotalCount, pages.FreeCount, pages.WiredCount, pages.TableCount),
            (seen.TotalCount, seen.FreeCount, seen.WiredCount, seen.TableCount));
        Assert.Equal(pages.Queue(PageQueue.Active), seen.Active);
        Assert.Equal(pages.Queue(PageQueue.Inactive), seen.Inactive);
        IEnumerable<PageFrameNumber> inUse = Enumerable.Range(0, pages.TotalCount).Select(static frame => new PageFrameNumber((ulong)frame))
            .Where(frame => pages.UseOf(frame) != FrameUse.Free);
        Assert.Equal(inUse, seen.InUse.Select(static page => page.Frame));
        foreach (VmPageSnapshot page in seen.InUse)
        {
            Assert.Equal(
                (pages.UseOf(page.Frame), pages[page.Frame].Queue, pages.WireCountOf(page.Frame), pages.IsBusy(page.Frame)),
                (page.Use, page.Queue, page.WireCount, page.IsBusy));
            // The page of zeros is on no page list.
            int? mappings = page.Frame == VmPages.ZeroFrame ? page.MappingCount : system.Pmaps.MappingsOf(page.Frame).Count();
            Assert.Equal(mappings, page.MappingCount);
            Assert.Equal(page.Use == FrameUse.Object, page.ObjectId is not null);
            Assert.True(page.ObjectId is not { } id || Holds(system, id, page), page.ToString());
        }
    }

    private static bool Holds(VmSystem system, int id, VmPageSnapshot page) =>
        system.Objects.All.Single(each => each.Id == id).TryGetPage(page.Index, out PageFrameNumber frame) && frame == page.Frame;

    private static void AssertTlbs(Cpu cpu, CpuSnapshot seen)
    {
        Assert.Equal((cpu.Id, cpu.Mode, cpu.Mmu.Tag), (seen.Id, seen.Mode, seen.Tag));
        Assert.Equal(["instruction", "data", "second-level"], seen.Tlbs.Select(static tlb => tlb.Name));
        foreach ((Tlb live, TlbSnapshot one) in ((Tlb[])[cpu.Tlb.Instruction, cpu.Tlb.Data, cpu.Tlb.Second!]).Zip(seen.Tlbs))
        {
            Assert.Equal(live.Geometry, one.Geometry);
            Assert.Equal(
                live.Entries.Select(Text).Order(StringComparer.Ordinal), one.Entries.Select(Text).Order(StringComparer.Ordinal));
        }
    }

    private static string Text(TlbEntry entry)
    {
        bool Has(TlbFlags flags) => ((TlbFlags)entry.Translation & flags) != 0;
        string user = Rights(Has(TlbFlags.UserRead), Has(TlbFlags.UserWrite), Has(TlbFlags.UserExecute));
        string supervisor = Rights(Has(TlbFlags.SupervisorRead), Has(TlbFlags.SupervisorWrite), Has(TlbFlags.SupervisorExecute));
        var physical = new PhysicalAddress(entry.Translation & TlbFlagsExtensions.PageMask);
        return $"{entry.Page} {entry.Tag} {physical} {user} {supervisor} {Has(TlbFlags.Dirty)} {Has(TlbFlags.Global)}";
    }

    private static string Text(TlbEntrySnapshot entry) =>
        $"{entry.Address} {entry.Tag} {entry.Physical} {entry.User.ToText()} {entry.Supervisor.ToText()} "
        + $"{entry.IsModified} {entry.IsGlobal}";

    private static string Rights(bool read, bool write, bool execute) =>
        $"{(read ? 'r' : '-')}{(write ? 'w' : '-')}{(execute ? 'x' : '-')}";
}
