using Xunit;

namespace BsdVm.Conformance;

/// <summary>What holds of all pmaps of a machine after every operation.</summary>
internal static class PmapRules
{
    public static void Check(PmapRig rig)
    {
        foreach (Pmap pmap in rig.System.Pmaps)
        {
            CheckMappings(rig, pmap);
        }

        CheckPageLists(rig.System, rig.All);
        if (!rig.System.HasOwedInvalidations)
        {
            CheckTlbs(rig);
        }
    }

    public static void CheckMappings(PmapRig rig, Pmap pmap)
    {
        List<PmapMapping> mappings = [.. pmap.Mappings(rig.All)];
        Assert.Equal(mappings.Count, pmap.ResidentCount);
        Assert.Equal(mappings.Count(static mapping => (mapping.Flags & PmapFlags.Wired) != 0), pmap.WiredCount);
        Assert.Equal(
            mappings.Select(static mapping => mapping.Address).Distinct().Order(), mappings.Select(static mapping => mapping.Address));
        foreach (PmapMapping mapping in mappings)
        {
            Assert.Equal(mapping, PmapRig.Extract(pmap, mapping.Address));
            Assert.NotEqual(Protection.None, mapping.Rights);
            Assert.Equal(rig.Capabilities.Express(mapping.Rights), mapping.Rights);
        }
    }

    public static void CheckPageLists(PmapSystem system, AddressRange all)
    {
        HashSet<(Pmap, VirtualAddress, PageFrameNumber)> mapped = [];
        foreach (Pmap pmap in system.Pmaps)
        {
            mapped.UnionWith(pmap.Mappings(all)
                .Where(mapping => system.IsManaged(mapping.Frame))
                .Select(mapping => (pmap, mapping.Address, mapping.Frame)));
        }

        Assert.Equal(mapped.Count, system.PvEntryCount);
        for (int number = 0; number < PmapRig.DataFrames; number++)
        {
            PageFrameNumber frame = PmapRig.Frame(number);
            List<(Pmap Pmap, VirtualAddress Address)> listed = [.. system.MappingsOf(frame)];
            Assert.Equal(mapped.Count(mapping => mapping.Item3 == frame), listed.Count);
            Assert.All(listed, entry => Assert.Contains((entry.Pmap, entry.Address, frame), mapped));
            Assert.Equal(listed.Count > 0, system.IsMapped(frame));
        }
    }

    public static void CheckTlbs(PmapRig rig)
    {
        foreach (Cpu cpu in rig.Machine.Cpus)
        {
            foreach ((Pmap? pmap, TlbEntry entry) in rig.System.CachedTranslations(cpu))
            {
                Assert.True(pmap is not null, $"Processor {cpu.Id} caches {entry.Page} of no address space.");
                CheckTlbEntry(pmap, cpu, entry);
            }
        }
    }

    private static void CheckTlbEntry(Pmap loaded, Cpu cpu, in TlbEntry entry)
    {
        string subject = $"Processor {cpu.Id} caches 0x{entry.Translation:x} for {entry.Page}, and the tables say ";
        Assert.True(loaded.TryExtract(entry.Page, out PmapMapping mapping), subject + "nothing.");
        Assert.True(mapping.Frame.Address == TlbFlagsExtensions.PhysicalAddressOf(entry.Translation, entry.Page), subject + mapping);
        ulong rights = entry.Translation & (ulong)TlbFlagsExtensions.Rights(Protection.All, PrivilegeMode.User);
        Assert.True((rights & ~(ulong)TlbFlagsExtensions.Rights(mapping.Rights, PrivilegeMode.User)) == 0, subject + mapping);

        // A store through this entry would tell nobody: so it must have been told already.
        const ulong StoresUnseen = (ulong)(TlbFlags.UserWrite | TlbFlags.Dirty);
        Assert.True((entry.Translation & StoresUnseen) != StoresUnseen || (mapping.Flags & PmapFlags.Modified) != 0, subject + mapping);
    }
}
