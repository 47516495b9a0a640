namespace BsdVm;

/// <summary>Rules between what is mapped and how the machine maps it.</summary>
public static class PmapInvariants
{
    /// <summary>Checks all of them.</summary>
    public static void Check(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        CheckBacking(system);
        CheckPageLists(system);
        CheckTlbs(system);
    }

    /// <summary>
    /// <c>PMAP-BACKED</c>: every mapping lies in an entry and leads to the page that a search finds, or to the zero page where there is
    /// none. <c>PMAP-RIGHTS</c>: with no right that the entry lacks, and no writing where a copy would be due. <c>PMAP-COUNTS</c>: and
    /// they are counted.
    /// </summary>
    public static void CheckBacking(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        foreach (VmSpace space in system.Spaces)
        {
            long resident = 0;
            long wired = 0;
            foreach (PmapMapping mapping in space.Pmap.Mappings(space.Map.Bounds))
            {
                resident++;
                wired += (mapping.Flags & PmapFlags.Wired) != 0 ? 1 : 0;
                CheckMapping(system, space, mapping);
            }

            Rule.Equal(resident, space.Pmap.ResidentCount, "PMAP-COUNTS", $"pmap {space.Pmap.Id}", "mappings");
            Rule.Equal(wired, space.Pmap.WiredCount, "PMAP-COUNTS", $"pmap {space.Pmap.Id}", "wired mappings");
        }
    }

    /// <summary><c>PV-SYMMETRY</c>: the page lists are exactly the mappings of managed frames.</summary>
    public static void CheckPageLists(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        // All lists first: searching a frame's list for each of its mappings would cost the square of its sharers.
        var listed = new HashSet<(int Pmap, VirtualAddress Address, PageFrameNumber Frame)>(system.Pmaps.PvEntryCount);
        foreach (int number in system.Pages.Used)
        {
            var frame = new PageFrameNumber((ulong)number);
            foreach ((Pmap pmap, VirtualAddress address) in system.Pmaps.MappingsOf(frame))
            {
                bool isNew = listed.Add((pmap.Id, address, frame));
                Rule.Holds(isNew, "PV-SYMMETRY", new FrameSubject(system.Pages, frame), "one entry a mapping", "two");
            }
        }

        Rule.Equal(listed.Count, system.Pmaps.PvEntryCount, "PV-SYMMETRY", "frames in use", "pv entries");
        int managed = 0;
        foreach (VmSpace space in system.Spaces)
        {
            foreach (PmapMapping mapping in space.Pmap.Mappings(space.Map.Bounds))
            {
                if (system.Pmaps.IsManaged(mapping.Frame))
                {
                    managed++;
                    if (!listed.Contains((space.Pmap.Id, mapping.Address, mapping.Frame)))
                    {
                        var subject = new FrameSubject(system.Pages, mapping.Frame);
                        Rule.Holds(false, "PV-SYMMETRY", subject, $"pmap {space.Pmap.Id} at {mapping.Address}", "nothing");
                    }
                }
            }
        }

        Rule.Equal(managed, system.Pmaps.PvEntryCount, "PV-SYMMETRY", "all frames", "pv entries");
    }

    /// <summary>
    /// <c>TLB-FRESH</c>: after an update no TLB holds a translation, a right, or leave to store unseen that the tables do not give.
    /// </summary>
    public static void CheckTlbs(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        foreach (Cpu cpu in system.Machine.Cpus)
        {
            foreach ((Pmap? pmap, TlbEntry entry) in system.Pmaps.CachedTranslations(cpu))
            {
                Rule.Holds(pmap is not null, "TLB-FRESH", entry.Page, $"a living pmap with tag {entry.Tag}", "none");
                CheckTlbEntry(pmap!, entry);
            }
        }
    }

    private static void CheckTlbEntry(Pmap pmap, in TlbEntry entry)
    {
        bool mapped = pmap.TryExtract(entry.Page, out PmapMapping mapping);
        Rule.Holds(mapped, "TLB-FRESH", entry.Page, "a mapping in the tables", "none");
        bool isSame = new PhysicalAddress(entry.Translation).Frame == mapping.Frame;
        Rule.Holds(isSame, "TLB-FRESH", entry.Page, $"frame {mapping.Frame}", $"0x{entry.Translation:x}");
        ulong rights = (ulong)TlbFlagsExtensions.Rights(Protection.All, PrivilegeMode.User) & entry.Translation;
        bool isWithin = (rights & ~(ulong)TlbFlagsExtensions.Rights(mapping.Rights, PrivilegeMode.User)) == 0;
        Rule.Holds(isWithin, "TLB-FRESH", entry.Page, $"rights within {mapping.Rights}", $"0x{entry.Translation:x}");

        // A store through this entry would set no bit: the tables must say modified already.
        const ulong StoresUnseen = (ulong)(TlbFlags.UserWrite | TlbFlags.Dirty);
        bool isTold = (entry.Translation & StoresUnseen) != StoresUnseen || (mapping.Flags & PmapFlags.Modified) != 0;
        Rule.Holds(isTold, "TLB-FRESH", entry.Page, "a modified page in the tables", $"0x{entry.Translation:x}");
    }

    private static void CheckMapping(VmSystem system, VmSpace space, in PmapMapping mapping)
    {
        VmMapEntry? entry = space.Map.FirstFrom(mapping.Address);
        Rule.Holds(entry is not null && entry.Start <= mapping.Address, "PMAP-BACKED", mapping.Address, "an entry that covers it", "none");
        system.Anonymous.Search(entry, mapping.Address, out FaultPage found);
        bool isZero = mapping.Frame == VmPages.ZeroFrame;
        Rule.Holds(
            isZero ? found.Where == PageWhere.Nowhere : found.Where == PageWhere.Resident && found.Frame == mapping.Frame,
            "PMAP-BACKED", mapping.Address, $"{found.Where} frame {found.Frame}", $"frame {mapping.Frame}");
        Protection allowed = system.Pmaps.Backend.Capabilities.Express(entry.Protection);
        if (isZero || (!entry.IsShared && found.Layer != PageLayer.Upper))
        {
            allowed &= ~Protection.Write;
        }

        Rule.Holds(allowed.Allows(mapping.Rights), "PMAP-RIGHTS", mapping.Address, $"rights within {allowed}", mapping.Rights);
    }
}
