using BsdVm.Posix;

namespace BsdVm.Cli;

/// <summary>Maps, layers and queues as text.</summary>
internal static class StatePictures
{
    public static void WriteMap(TextWriter output, Process process)
    {
        output.WriteLine($"map ({process.Space.Map.Count} entries, {process.Space.Map.SizeBytes >> 12} pages; {process.Space.Pmap.ResidentCount} mapped in the pmap)");
        var table = new Table("range", "rights", "max", "sharing", "inherit", "upper", "lower", "flags");
        for (VmMapEntry? entry = process.Space.Map.First; entry is not null; entry = entry.Next)
        {
            table.Add(
                entry.Range.ToString(), entry.Protection.ToText(), entry.MaxProtection.ToText(), entry.IsShared ? "shared" : "private",
                entry.Inheritance.ToString().ToLowerInvariant(), entry.Amap is null ? "-" : $"amap {entry.Amap.Id} slot {entry.AmapSlot:x}",
                entry.Object is null ? "-" : $"object {entry.Object.Id} + 0x{entry.Offset:x}", Flags(entry));
        }

        table.Write(output, "  ");
        output.WriteLine();
    }

    public static void WriteLayers(TextWriter output, VmSystem vm)
    {
        output.WriteLine($"objects ({vm.Objects.Count})");
        foreach (VmObject top in vm.Objects.All.Where(static each => each.ShadowCount == 0).OrderBy(static each => each.Id))
        {
            string indent = "  ";
            for (VmObject? each = top; each is not null; each = each.Shadow)
            {
                output.WriteLine($"{indent}{Name(each)}");
                output.WriteLine($"{indent}  pages: {Pages(each.ResidentPages)}");
                indent += "    ";
                if (each.Shadow is not null)
                {
                    output.WriteLine($"{indent[..^2]}| shadows, from 0x{each.ShadowOffset:x}");
                }
            }
        }

        var amaps = vm.Spaces.SelectMany(static space => Entries(space.Map)).Select(static entry => entry.Amap).OfType<Amap>().Distinct().OrderBy(static amap => amap.Id).ToList();
        if (amaps.Count > 0)
        {
            output.WriteLine($"amaps ({amaps.Count})");
            foreach (Amap amap in amaps)
            {
                output.WriteLine($"  amap {amap.Id}, {amap.RefCount} entries: {string.Join("  ", amap.Slots.Select(static slot => $"[{slot.Slot:x}] anon {slot.Anon}"))}");
            }
        }

        output.WriteLine();
    }

    public static void WriteQueues(TextWriter output, VmSystem vm, bool allFrames)
    {
        VmPages pages = vm.Pages;
        output.WriteLine(
            $"frames: {pages.TotalCount} in all, {pages.FreeCount} free, {pages.WiredCount} wired, {pages.TableCount} in page tables");
        foreach (PageQueue queue in (ReadOnlySpan<PageQueue>)[PageQueue.Active, PageQueue.Inactive])
        {
            var frames = pages.Queue(queue).ToList();
            string rest = frames.Count > 32 ? $" ... {frames.Count - 32} more" : "";
            output.WriteLine($"  {queue.ToString().ToLowerInvariant(),-8} {frames.Count,4}: {string.Join(" ", frames.Take(32))}{rest}");
        }

        for (int number = 0; allFrames && number < pages.TotalCount; number++)
        {
            var frame = new PageFrameNumber((ulong)number);
            if (pages.UseOf(frame) != FrameUse.Free)
            {
                output.WriteLine($"  frame {frame}: {pages.UseOf(frame).ToString().ToLowerInvariant()}, {MappingCount(vm, frame)} mappings, {pages.WireCountOf(frame)} wirings");
            }
        }

        output.WriteLine();
    }

    // The pmaps keep no list for the page of zeros: who maps it stands in the tables alone.
    private static int MappingCount(VmSystem vm, PageFrameNumber frame) => frame == VmPages.ZeroFrame
        ? vm.Spaces.Sum(static space =>
            space.Pmap.Mappings(AddressRange.FromTo(new(0), new(space.Pmap.Owner.Backend.Capabilities.UserLimit)))
                .Count(static mapping => mapping.Frame == VmPages.ZeroFrame))
        : vm.Pmaps.MappingsOf(frame).Count();

    private static string Name(VmObject each)
    {
        string kind = each.Vnode is { } file ? $"file {file.Name}, {file.SizeBytes} bytes" : $"anonymous, {each.SizeBytes >> 12} pages";
        string stored = each is { IsAnonymous: true, Pager: AnonymousPager pager } ? $", {pager.Count} paged out" : "";
        return $"object {each.Id}: {kind}, {each.RefCount} references{stored}";
    }

    private static string Pages(IEnumerable<(ulong Index, PageFrameNumber Frame)> pages)
    {
        var sorted = pages.OrderBy(static page => page.Index).ToList();
        string text = string.Join("  ", sorted.Take(16).Select(static page => $"{page.Index}->frame {page.Frame}"));
        return sorted.Count == 0 ? "none" : sorted.Count > 16 ? $"{text}  ... {sorted.Count - 16} more" : text;
    }

    private static string Flags(VmMapEntry entry)
    {
        var flags = new List<string>();
        Add(entry.CopyOnWrite, "copy-on-write");
        Add(entry.NeedsCopy, "needs-copy");
        Add(entry.SharesUpper, "shares-upper");
        Add(entry.IsWired, "wired");
        Add(entry.GrowsDown, "grows-down");
        Add(entry.Advice != VmAdvice.Normal, entry.Advice.ToString().ToLowerInvariant());
        return string.Join(' ', flags);

        void Add(bool isSet, string name)
        {
            if (isSet)
            {
                flags.Add(name);
            }
        }
    }

    private static IEnumerable<VmMapEntry> Entries(VmMap map)
    {
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            yield return entry;
        }
    }
}
