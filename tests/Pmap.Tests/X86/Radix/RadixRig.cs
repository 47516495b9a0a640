namespace BsdVm.Tests.X86;

/// <summary>A machine of two processors with pmaps of one backend, and what must hold of them at any time.</summary>
internal sealed class RadixRig
{
    public const ulong FirstDataFrame = 1024;

    private readonly ulong _frames;

    public RadixRig(PmapBackend backend, ulong dataFrames, int cpus = 2)
    {
        _frames = FirstDataFrame + dataFrames;
        Machine = new Machine(_frames, cpus, new(new(64, 64), new(64, 64), new(128, 4), TlbReplacement.Lru), backend.CreateMmu);
        Source = new Frames(FirstDataFrame);
        System = new PmapSystem(Machine, backend, Source);
    }

    public Machine Machine { get; }

    public Frames Source { get; }

    public PmapSystem System { get; }

    public AddressRange All => new(new(0), System.Backend.Capabilities.UserLimit);

    public static PageFrameNumber Frame(ulong number) => new(FirstDataFrame + number);

    public Pmap NewPmap()
    {
        Assert.True(System.TryCreate(out Pmap? pmap));
        return pmap;
    }

    /// <summary>Page lists, counts, TLBs and table frames, all of them.</summary>
    public void Check()
    {
        var mapped = new HashSet<(Pmap, VirtualAddress, ulong)>();
        foreach (Pmap pmap in System.Pmaps)
        {
            List<PmapMapping> mappings = [.. pmap.Mappings(All)];
            Assert.Equal(mappings.Count, pmap.ResidentCount);
            Assert.Equal(mappings.Count(static mapping => (mapping.Flags & PmapFlags.Wired) != 0), pmap.WiredCount);
            Assert.Equal(
                mappings.Select(static mapping => mapping.Address).Distinct().Order(), mappings.Select(static mapping => mapping.Address));
            foreach (PmapMapping mapping in mappings)
            {
                Assert.True(pmap.TryExtract(mapping.Address + 5, out PmapMapping extracted));
                Assert.Equal(mapping, extracted);
                mapped.Add((pmap, mapping.Address, mapping.Frame.Value));
            }
        }

        for (ulong frame = FirstDataFrame; frame < _frames; frame++)
        {
            foreach ((Pmap pmap, VirtualAddress address) in System.MappingsOf(new(frame)))
            {
                Assert.True(mapped.Remove((pmap, address, frame)), $"Frame {frame} is listed at {address}.");
            }
        }

        Assert.Empty(mapped);
        Assert.Equal(System.Counters.TableFrames * (long)PageSize.BaseBytes, System.Counters.TableBytes);
        Assert.Equal(
            System.Counters.TableBytes + System.Counters.SharedTableBytes, System.Pmaps.Sum(
                static pmap => pmap.TableUse.BytesByLevel.Sum()));
        Assert.Equal((long)FirstDataFrame - Source.FreeCount, System.Counters.TableFrames);
        if (!System.HasOwedInvalidations)
        {
            CheckTlbs();
        }
    }

    private void CheckTlbs()
    {
        foreach (Cpu cpu in Machine.Cpus)
        {
            foreach ((Pmap? pmap, TlbEntry entry) in System.CachedTranslations(cpu))
            {
                Assert.NotNull(pmap);
                Assert.True(pmap.TryExtract(entry.Page, out PmapMapping mapping), $"{entry.Page} is cached and not mapped.");
                Assert.Equal(mapping.Frame.Address.Value, entry.Translation & TlbFlagsExtensions.PageMask);
                bool writes = (entry.Translation & (ulong)TlbFlags.UserWrite) != 0;
                Assert.True(!writes || mapping.Rights.Allows(Protection.Write), $"{entry.Page} is cached with a right that went.");
                bool unseen = writes && (entry.Translation & (ulong)TlbFlags.Dirty) != 0;
                Assert.True(!unseen || (mapping.Flags & PmapFlags.Modified) != 0, $"A store at {entry.Page} would not be seen.");
            }
        }
    }
}
