using BsdVm.Conformance;
using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>What the software half writes, as the hardware half sees it.</summary>
public class X86PmapTests
{
    public static TheoryData<string> Backends() => [.. X86Backends.All.Select(backend => backend.Name)];

    [Fact]
    public void PagesInFramesOfTheTextbook()
    {
        Rig rig = Make("x86-2level", frames: 0x2000);
        foreach ((ulong page, ulong frame) in new (ulong, ulong)[] { (0, 0x1234), (1, 0x1235), (2, 0x1236), (0x100, 0x1237) })
        {
            Assert.Equal(
                PmapStatus.Success, rig.Pmap.Enter(new PageNumber(page).Address, new(frame), Protection.ReadWrite, null, wired: false));
        }

        Assert.True(rig.Cpu.Access(new(0x00100ABC), AccessKind.Read, out PhysicalAddress physical));
        Assert.Equal(0x01237ABCUL, physical.Value);
        Assert.Equal(2, rig.Cpu.Mmu.Walks.References);
        Assert.Equal(2, rig.Pmap.TableFrames);
    }

    // 2^20 entries of 4 bytes are 4 MB: all of a process's tables, were every page table there; and the directory beside them.
    [Fact]
    public void AFullTwoLevelSpaceTakesFourMegabytesOfPageTables()
    {
        Assert.Equal(4UL << 20, (1UL << (X86TwoLevel.IndexBits(2) + X86TwoLevel.IndexBits(1))) << X86TwoLevel.EntryShift);
        Rig rig = Make("x86-2level", frames: 2048);
        for (ulong address = 0; address < rig.System.Backend.Capabilities.UserLimit; address += 1UL << 22)
        {
            Assert.Equal(PmapStatus.Success, rig.Pmap.Prepare(new(address)));
        }

        Assert.Equal(1 + 768, rig.Pmap.TableFrames);
    }

    [Fact]
    public void LargePagesAloneNeedTheDirectoryOnly()
    {
        Rig rig = Make("x86-2level", frames: 4096);
        var pmap = (X86Pmap<X86TwoLevel>)rig.Pmap;
        Assert.True(pmap.TryEnterLarge(new(0x00C00000), new(0x00400000), X86EntryFlags.User | X86EntryFlags.Writable));

        Assert.True(rig.Cpu.Access(new(0x00C12345), AccessKind.Write, out PhysicalAddress physical));
        Assert.Equal((0x00412345UL, 1L, 1L), (physical.Value, pmap.TableFrames, rig.Cpu.Mmu.Walks.References));
        Assert.Throws<ArgumentException>(() => pmap.Enter(new(0x00C00000), new(5), Protection.Read, null, wired: false));
        Assert.Throws<ArgumentException>(() => pmap.TryEnterLarge(new(0x00C00000), new(0x00800000), X86EntryFlags.User));
        Assert.Empty(pmap.Mappings(new(new(0), 0xC0000000)));

        pmap.RemoveLarge(new(0x00C00000));
        rig.System.Update();
        Assert.False(rig.Cpu.Access(new(0x00C12345), AccessKind.Read, out _));
    }

    [Theory]
    [InlineData("x86-2level", Protection.Write, Protection.All)]
    [InlineData("x86-2level", Protection.Read, Protection.ReadExecute)]
    [InlineData("x86-2level", Protection.Execute, Protection.ReadExecute)]
    [InlineData("x86-pae", Protection.Write, Protection.ReadWrite)]
    [InlineData("x86-pae", Protection.Read, Protection.Read)]
    [InlineData("x86-pae", Protection.Execute, Protection.ReadExecute)]
    [InlineData("x86-4level", Protection.Write, Protection.ReadWrite)]
    [InlineData("x86-4level", Protection.Read, Protection.Read)]
    [InlineData("x86-4level", Protection.Execute, Protection.Execute)]
    [InlineData("x86-4level", Protection.ReadExecute, Protection.ReadExecute)]
    public void RightsRoundUpToWhatTheMachineHas(string backend, Protection asked, Protection given)
    {
        Rig rig = Make(backend);
        rig.Pmap.Enter(new(0x5000), new(500), asked, null, wired: false);

        Assert.True(rig.Pmap.TryExtract(new(0x5123), out PmapMapping mapping));
        Assert.Equal(given, mapping.Rights);
        foreach (AccessKind access in Enum.GetValues<AccessKind>())
        {
            Assert.Equal(given.Allows(access), rig.Cpu.Access(new(0x5123), access, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void HardwareBitsShowInTheMapping(string backend)
    {
        Rig rig = Make(backend);
        rig.Pmap.Enter(new(0x5000), new(500), Protection.ReadWrite, access: null, wired: true);
        Assert.Equal(PmapFlags.Wired, Flags(rig));

        rig.Cpu.Access(new(0x5000), AccessKind.Read, out _);
        Assert.Equal(PmapFlags.Wired | PmapFlags.Referenced, Flags(rig));

        rig.Cpu.Access(new(0x5000), AccessKind.Write, out _);
        Assert.Equal(PmapFlags.Wired | PmapFlags.Referenced | PmapFlags.Modified, Flags(rig));
        Assert.True(rig.System.IsModified(new(500)));
    }

    // A pmap against a dictionary: same mappings whatever is entered, removed, protected; and all frames come back.
    [Property(10, Arbitrary = [typeof(DictionaryStep)])]
    public void MappingsAreThoseOfADictionary(Steps<DictionaryStep> steps) =>
        Assert.All(X86Backends.All.Select(static backend => backend.Name), name => CompareWithADictionary(name, steps));

    private static void CompareWithADictionary(string backend, Steps<DictionaryStep> steps)
    {
        Rig rig = Make(backend, frames: DictionaryStep.FrameCount);
        long bare = rig.Pmap.TableFrames;
        var model = new SortedDictionary<VirtualAddress, PageFrameNumber>();
        var limit = new VirtualAddress(rig.System.Backend.Capabilities.UserLimit);
        VirtualAddress[] regions = [new(0), new(0x3FF000), new(0x8000_0000), limit - 0x40000];
        foreach ((int number, DictionaryStep step) in steps.Items.Index())
        {
            AddressRange range = step.In(regions, limit);
            switch (step.Action)
            {
                case DictionaryAction.Collect:
                    rig.Pmap.Collect();
                    model.Clear();
                    Assert.Equal(bare, rig.Pmap.TableFrames);
                    break;
                case DictionaryAction.Remove:
                    rig.Pmap.Remove(range);
                    model.Keys.Where(range.Contains).ToList().ForEach(key => model.Remove(key));
                    break;
                default:
                    PmapStatus status = rig.Pmap.Enter(range.Start, step.Frame, Protection.ReadWrite, null, wired: false);
                    Assert.Equal(PmapStatus.Success, status);
                    model[range.Start] = step.Frame;
                    break;
            }

            rig.System.Update();
            if (number % 50 == 0 || number == steps.Items.Length - 1)
            {
                Assert.Equal(
                    model.Select(static pair => (pair.Key, pair.Value)),
                    rig.Pmap.Mappings(AddressRange.FromTo(new(0), limit)).Select(static mapping => (mapping.Address, mapping.Frame)));
                Assert.Equal(model.Count, rig.Pmap.ResidentCount);
            }
        }

        rig.System.Destroy(rig.Pmap);
        Assert.Equal((DictionaryStep.FrameCount, 0L), (rig.Frames.FreeCount, rig.System.Counters.TableFrames));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void AMissingTableFrameChangesNothing(string backend)
    {
        int tables = backend == "x86-4level" ? 3 : 1;
        for (int budget = 0; budget < tables; budget++)
        {
            Rig rig = Make(backend);
            int free = rig.Frames.FreeCount;
            long bare = rig.Pmap.TableFrames;
            rig.Frames.Budget = budget;
            Assert.Equal(PmapStatus.ResourceShortage, rig.Pmap.Enter(new(0x5000), new(500), Protection.Read, null, wired: false));
            Assert.Equal((free, bare, 0L), (rig.Frames.FreeCount, rig.Pmap.TableFrames, rig.Pmap.ResidentCount));
            Assert.Equal(bare, rig.Pmap.CreateView()!.Tables().Length);
        }
    }

    [Fact]
    public void AViewWalksAPmapThatIsLoadedNowhere()
    {
        Rig rig = Make("x86-4level");
        Assert.True(rig.System.TryCreate(out Pmap? other));
        other.Enter(new(0x5000), new(500), Protection.Read, null, wired: false);

        WalkExplanation walk = other.CreateView()!.Explain(new(0x5010), AccessKind.Read, PrivilegeMode.User);

        Assert.Equal(new PageFrameNumber(500).Address.Value + 0x10, walk.Physical.Value);
        Assert.Equal(["PML4E", "PDPTE", "PDE", "PTE"], walk.Steps.Select(step => step.Level));
        Assert.Equal(4, other.CreateView()!.Tables().Length);
    }

    [Fact]
    public void AFrameBeyondFourGigabytesDoesNotFitTwoLevels()
    {
        Rig rig = Make("x86-2level");
        Assert.Throws<ArgumentOutOfRangeException>(() => rig.Pmap.Enter(new(0x5000), new(1UL << 20), Protection.Read, null, wired: false));
    }

    private static PmapFlags Flags(Rig rig) => rig.Pmap.TryExtract(new(0x5000), out PmapMapping mapping) ? mapping.Flags : PmapFlags.None;

    private static Rig Make(string name, ulong frames = 1024)
    {
        PmapBackend backend = X86Backends.All.Single(candidate => candidate.Name == name);
        var machine = new Machine(frames, 1, TlbSpecification.Default, backend.CreateMmu);
        var source = new Frames(frames);
        var system = new PmapSystem(machine, backend, source);
        Assert.True(system.TryCreate(out Pmap? pmap));
        system.Activate(pmap, machine.Cpus[0]);
        return new(system, pmap, machine.Cpus[0], source);
    }

    private sealed record Rig(PmapSystem System, Pmap Pmap, Cpu Cpu, Frames Frames);
}
