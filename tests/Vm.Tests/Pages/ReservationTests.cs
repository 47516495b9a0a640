using BsdVm.X86;

namespace BsdVm.Tests.Pages;

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

    private static VirtualAddress Page(int number) => new(Start + ((ulong)number << PageSize.Base.Shift));

    private static (VmSystem System, VmSpace Space) Make(string layer, int frames, ulong bytes = 8 * Large)
    {
        var system = new VmSystem(new VmConfiguration
        {
            Backend = X86Backends.FourLevel,
            FrameCount = frames,
            PromotesLargePages = true,
            CreateAnonymousLayer = system => layer == "amap" ? new AmapLayer(system) : new ShadowLayer(system),
        });
        Assert.True(system.TryCreateSpace(new AddressRange(new(0x1000), 0x7FFF_0000_0000), out VmSpace? space));
        Assert.Equal(
            VmStatus.Success, space.Map.Insert(new VmMapRequest { Range = new(new(Start), bytes), Protection = Protection.ReadWrite }));
        return (system, space);
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
