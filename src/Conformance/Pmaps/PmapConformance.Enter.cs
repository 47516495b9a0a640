using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>P1: an entered mapping is there at once, with its frame, rights and wiring, for software and hardware alike.</summary>
    [Fact]
    [Trait("Clause", "P1")]
    public void AnEnteredPageIsThere()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        for (int corner = 0; corner < rig.Corners.Count; corner++)
        {
            PmapRig.Enter(pmap, rig.Corners[corner], corner, Protection.All, wired: corner % 2 == 1);
        }

        for (int corner = 0; corner < rig.Corners.Count; corner++)
        {
            PmapMapping mapping = PmapRig.Extract(pmap, rig.Corners[corner] + 0xABC);
            Assert.Equal((rig.Corners[corner], PmapRig.Frame(corner), Protection.All), (mapping.Address, mapping.Frame, mapping.Rights));
            Assert.Equal(corner % 2 == 1, (mapping.Flags & PmapFlags.Wired) != 0);
            rig.Touch(rig.Cpu, rig.Corners[corner] + 0xFFF, AccessKind.Read, corner);
        }

        PmapRules.Check(rig);
        Assert.Equal(rig.Corners, pmap.Mappings(rig.All).Select(static mapping => mapping.Address));
    }

    /// <summary>P2: rights round up to the smallest set that the capabilities declare, and the hardware allows exactly that set.</summary>
    [Fact]
    [Trait("Clause", "P2")]
    public void RightsRoundUpAsDeclared()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        for (Protection asked = Protection.Read; asked <= Protection.All; asked++)
        {
            PmapRig.Enter(pmap, (int)asked, 0, asked);
            Protection given = rig.Capabilities.Express(asked);

            Assert.Equal(given, PmapRig.Extract(pmap, PmapRig.Page((int)asked)).Rights);
            foreach (AccessKind access in Enum.GetValues<AccessKind>())
            {
                bool goesThrough = rig.Access(rig.Cpu, PmapRig.Page((int)asked), access);
                Assert.True(given.Allows(access) == goesThrough, $"Asked {asked}, given {given}: {access} gave {goesThrough}.");
            }
        }
    }

    /// <summary>P3: entering another frame ends the old mapping in full, page list, saved bits and TLBs included.</summary>
    [Fact]
    [Trait("Clause", "P3")]
    public void AnotherFrameReplacesTheOldMapping()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0, wired: true);
        rig.Store(PmapRig.Page(0), 0);
        rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(0), AccessKind.Write, 0);

        PmapRig.Enter(pmap, 0, 1);
        rig.System.Update();

        PmapRules.Check(rig);
        Assert.False(rig.System.IsMapped(PmapRig.Frame(0)));
        Assert.Equal((true, false), (rig.System.IsModified(PmapRig.Frame(0)), rig.System.IsModified(PmapRig.Frame(1))));
        Assert.Equal((1L, 0L), (pmap.ResidentCount, pmap.WiredCount));
        rig.Touch(rig.Cpu, PmapRig.Page(0), AccessKind.Read, 1);
        rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(0), AccessKind.Read, 1);
    }

    /// <summary>
    /// P4: entering the same frame changes rights, up or down, and wiring; bits stay and no second page-list entry appears.
    /// </summary>
    [Fact]
    [Trait("Clause", "P4")]
    public void TheSameFrameKeepsItsBits()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0);
        rig.Store(PmapRig.Page(0), 0);

        PmapRig.Enter(pmap, 0, 0, Protection.Read, wired: true);
        rig.System.Update();
        PmapRules.Check(rig);
        Assert.False(rig.Access(rig.Cpu, PmapRig.Page(0), AccessKind.Write));
        PmapMapping lowered = PmapRig.Extract(pmap, PmapRig.Page(0));
        Assert.Equal((rig.Capabilities.Express(Protection.Read), 1L), (lowered.Rights, pmap.WiredCount));
        Assert.Equal(PmapFlags.Wired | PmapFlags.Modified, lowered.Flags & ~PmapFlags.Referenced);

        PmapRig.Enter(pmap, 0, 0, Protection.ReadWrite, wired: false);
        rig.System.Update();
        PmapRules.Check(rig);
        Assert.Equal((1L, 0L, 1), (pmap.ResidentCount, pmap.WiredCount, rig.System.PvEntryCount));
        Assert.Equal(PmapFlags.Modified, PmapRig.Extract(pmap, PmapRig.Page(0)).Flags & ~PmapFlags.Referenced);
        rig.Store(PmapRig.Page(0), 0);
    }

    /// <summary>
    /// P5: entered for an access, the page takes that access without a fault, and a store counts as modified once it is made. Where the
    /// hardware keeps no modified bit, entering for a store records it, be the page new or entered before; other stores fault.
    /// </summary>
    [Theory]
    [Trait("Clause", "P5")]
    [InlineData(AccessKind.Read)]
    [InlineData(AccessKind.Write)]
    [InlineData(AccessKind.Execute)]
    public void TheAccessThatIsEnteredForGoesThrough(AccessKind access)
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        rig.Cpu.TrapHandler = null;
        PmapRig.Enter(pmap, 0, 0, Protection.All);
        if (!rig.Capabilities.HardwareModified)
        {
            Assert.False(rig.Access(rig.Cpu, PmapRig.Page(0), AccessKind.Write));
        }

        PmapRig.Enter(pmap, PmapRig.Page(0), 0, Protection.All, access);
        PmapRig.Enter(pmap, PmapRig.Page(1), 1, Protection.All, access, wired: true);
        rig.System.Update();
        foreach (int page in new[] { 0, 1 })
        {
            rig.Touch(rig.Cpu, PmapRig.Page(page), access, page);
            Assert.Equal(access == AccessKind.Write, rig.System.IsModified(PmapRig.Frame(page)));
        }
    }

    /// <summary>
    /// P6: an address that is not page aligned or not below the limit, a frame that no entry can name, and a mapping without rights are
    /// refused as the caller's mistake, and nothing has changed.
    /// </summary>
    [Fact]
    [Trait("Clause", "P6")]
    public void WrongArgumentsAreRefused()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0);
        PageFrameNumber beyond = new PhysicalAddress(1UL << rig.Capabilities.PhysicalAddressBits).Frame;
        Refuses<ArgumentOutOfRangeException>(() => pmap.Enter(PmapRig.Page(0), beyond, Protection.Read, null, wired: false));
        Refuses<ArgumentException>(() => pmap.Enter(PmapRig.Page(0), PmapRig.Frame(1), Protection.None, null, wired: false));
        Refuses<ArgumentException>(() => pmap.Enter(PmapRig.Page(1) + 8, PmapRig.Frame(1), Protection.Read, null, wired: false));
        Refuses<ArgumentException>(() => pmap.Prepare(PmapRig.Page(1) + 8));
        foreach (VirtualAddress outside in Outside(rig))
        {
            Refuses<ArgumentOutOfRangeException>(() => pmap.Enter(outside, PmapRig.Frame(1), Protection.Read, null, wired: false));
            Refuses<ArgumentOutOfRangeException>(() => pmap.Prepare(outside));
        }

        rig.Store(PmapRig.Page(0), 0);

        void Refuses<T>(Action call)
            where T : ArgumentException
        {
            long tables = pmap.TableFrames;
            Assert.ThrowsAny<T>(call);
            Assert.Equal(
                (PmapRig.Frame(0), 1L, tables), (PmapRig.Extract(pmap, PmapRig.Page(0)).Frame, pmap.ResidentCount, pmap.TableFrames));
            PmapRules.Check(rig);
        }
    }

    /// <summary>
    /// P7: nothing is ever mapped outside the limit: no address there is a second name of one below, and ranges may reach over it.
    /// </summary>
    [Fact]
    [Trait("Clause", "P7")]
    public void OutsideTheLimitThereIsNothing()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        VirtualAddress top = rig.Corners[^1];
        PmapRig.Enter(pmap, new VirtualAddress(0), 0, Protection.ReadWrite);
        PmapRig.Enter(pmap, new VirtualAddress(0x5000), 1, Protection.ReadWrite);
        PmapRig.Enter(pmap, top, 2, Protection.ReadWrite);
        var above = AddressRange.FromTo(new(rig.Capabilities.UserLimit), new VirtualAddress(ulong.MaxValue).RoundDown(PageSize.Base));

        foreach (VirtualAddress outside in Outside(rig))
        {
            Assert.False(pmap.TryExtract(outside, out _), $"{outside} is mapped.");
            rig.AssertUnreachable(outside);
        }

        Assert.Empty(pmap.Mappings(above));
        pmap.Protect(above, Protection.Read);
        pmap.Remove(above);
        rig.System.Update();
        PmapRules.Check(rig);
        Assert.Equal(3, pmap.ResidentCount);
        rig.Store(top, 2);

        pmap.Remove(new AddressRange(top, 0UL - top.Value));
        Assert.Equal([new(0), new(0x5000)], pmap.Mappings(rig.All).Select(static mapping => mapping.Address));
    }

    // The limit itself, the top of all, and whatever would fall on a mapped page if upper address bits were dropped.
    private static IEnumerable<VirtualAddress> Outside(PmapRig rig)
    {
        yield return new(rig.Capabilities.UserLimit);
        yield return new VirtualAddress(ulong.MaxValue).RoundDown(PageSize.Base);
        for (int bit = 32; bit < 64; bit++)
        {
            if (1UL << bit >= rig.Capabilities.UserLimit)
            {
                yield return new(1UL << bit);
                yield return new((1UL << bit) + 0x5000);
            }
        }
    }
}
