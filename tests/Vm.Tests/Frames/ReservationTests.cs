using BsdVm.X86;

namespace BsdVm.Tests.Frames;

/// <summary>Private memory whose frames stand side by side, so that the pmap makes large pages of full regions.</summary>
public class ReservationTests
{
    private const ulong Large = 2UL << 20;
    private const ulong Start = 0x1000_0000;
    private const int PagesOfRegion = 512;

    public static TheoryData<string> Layers => new() { "shadow", "amap" };

    [Theory]
    [MemberData(nameof(Layers))]
    public void AFullRegionIsOneLargePage(string layer)
    {
        (VmSystem system, VmSpace space) = Make(layer, frames: 8192);
        Write(system, space, PagesOfRegion - 1);
        Assert.Equal(0, system.Pmaps.Counters.Promotions);

        Fault(system, space, PagesOfRegion - 1, AccessKind.Write);

        Assert.Equal(1, system.Pmaps.Counters.Promotions);
        (PmapMapping page, PageSize size) = Assert.Single(space.Pmap.Pages(new(new(Start), Large)));
        Assert.Equal((21, 0UL), (size.Shift, page.Frame.Value % PagesOfRegion));
        system.CheckInvariants();
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void WhatAChildCopiesLeavesTheRestLarge(string layer)
    {
        (VmSystem system, VmSpace space) = Make(layer, frames: 8192);
        Write(system, space, 2 * PagesOfRegion);
        Assert.Equal(VmStatus.Success, space.TryFork(eager: false, out VmSpace? child));
        Fault(system, child!, 3, AccessKind.Write);
        Fault(system, space, 5, AccessKind.Write);
        system.CheckInvariants();
        Assert.True(space.Pmap.TryExtract(Page(3), out PmapMapping parents) && child!.Pmap.TryExtract(Page(3), out PmapMapping childs)
            && parents.Frame != childs.Frame);
        child!.Destroy();
        space.Destroy();
        system.CheckInvariants();
        Assert.Equal(0, system.Pages.TableCount);
    }

    [Fact]
    public void OnceNothingElseIsFreeReservedFramesAreForAll()
    {
        // 1024 frames, half of them for one region: its neighbours need more than the other half.
        (VmSystem system, VmSpace space) = Make("amap", frames: 1024);
        Fault(system, space, 0, AccessKind.Write);
        int taken = 1;
        for (int page = PagesOfRegion; Try(system, space, page) == VmStatus.Success; page++)
        {
            taken++;
        }

        Assert.Equal(0, system.Pages.FreeCount);
        Assert.InRange(taken, 1000, 1022);
        system.CheckInvariants();
    }

    [Fact]
    public void ARegionThatTheMappingDoesNotCoverIsNotReserved()
    {
        (VmSystem system, VmSpace space) = Make("amap", frames: 8192, bytes: Large - PageSize.BaseBytes);
        Write(system, space, PagesOfRegion - 1);
        Assert.True(space.Pmap.TryExtract(Page(0), out PmapMapping first));
        Assert.InRange(first.Frame.Value, 0UL, 4095UL);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void AReservedFrameMayBeRefused(string layer)
    {
        FailingFrameAllocator? frames = null;
        (VmSystem system, VmSpace space) = Make(layer, frames: 8192, decorate: inner => frames = new FailingFrameAllocator(inner));
        Fault(system, space, 0, AccessKind.Write);
        int free = system.Pages.FreeCount;
        frames!.FailRequest = frames.RequestCount + 1;

        Assert.Equal(VmStatus.ResourceShortage, Try(system, space, 1));
        Assert.Equal(free, system.Pages.FreeCount);
        system.CheckInvariants();

        Fault(system, space, 1, AccessKind.Write);
        Assert.True(space.Pmap.TryExtract(Page(1), out PmapMapping second));
        Assert.Equal(1UL, second.Frame.Value % PagesOfRegion);
    }

    [Fact]
    public void TheBlocksOfASpaceThatEndedServeOthers()
    {
        // Eight blocks, each for a region of the first space.
        (VmSystem system, VmSpace space) = Make("amap", frames: 8192);
        for (int region = 0; region < 8; region++)
        {
            Fault(system, space, region * PagesOfRegion, AccessKind.Write);
        }

        VmSpace other = NewSpace(system, 8 * Large);
        Fault(system, other, 0, AccessKind.Write);
        Assert.True(other.Pmap.TryExtract(Page(0), out PmapMapping ordinary));
        Assert.InRange(ordinary.Frame.Value, 0UL, 4095UL);

        space.Destroy();
        Fault(system, other, PagesOfRegion, AccessKind.Write);
        Assert.True(other.Pmap.TryExtract(Page(PagesOfRegion), out PmapMapping reserved));
        Assert.InRange(reserved.Frame.Value, 4096UL, 8191UL);
        system.CheckInvariants();
    }

    private static VirtualAddress Page(int number) => new(Start + ((ulong)number * PageSize.BaseBytes));

    private static (VmSystem System, VmSpace Space) Make(
        string layer, int frames, ulong bytes = 8 * Large, Func<FrameAllocator, FrameAllocator>? decorate = null)
    {
        var system = new VmSystem(new VmConfiguration
        {
            Backend = X86Backends.FourLevel,
            FrameCount = frames,
            PromotesLargePages = true,
            DecorateFrames = decorate,
            Check = CheckMode.Amortized,
            CreateAnonymousLayer = system => layer == "amap" ? new AmapLayer(system) : new ShadowLayer(system),
        });
        return (system, NewSpace(system, bytes));
    }

    private static VmSpace NewSpace(VmSystem system, ulong bytes)
    {
        Assert.True(system.TryCreateSpace(new AddressRange(new(0x1000), 0x7FFF_0000_0000), out VmSpace? space));
        var request = new VmMapRequest { Range = new(new(Start), bytes), Protection = Protection.ReadWrite };
        Assert.Equal(VmStatus.Success, space.Map.Insert(request));
        return space;
    }

    private static VmStatus Try(VmSystem system, VmSpace space, int page) => system.Fault(space, Page(page), AccessKind.Write);

    private static void Fault(VmSystem system, VmSpace space, int page, AccessKind access) =>
        Assert.Equal(VmStatus.Success, system.Fault(space, Page(page), access));

    private static void Write(VmSystem system, VmSpace space, int pages)
    {
        for (int page = 0; page < pages; page++)
        {
            Fault(system, space, page, AccessKind.Write);
        }
    }
}
