using BsdVm.Conformance;

namespace BsdVm.Tests.Pagers;

public class AnonymousPagerConformance : PagerConformance
{
    protected override PagerTraits Traits { get; } = new();

    protected override Pager CreatePager(VmSystem system) => new AnonymousPager();
}

public class ZeroPagerConformance : PagerConformance
{
    protected override PagerTraits Traits { get; } = new() { StartsWith = 0, Keeps = false, Forgets = false };

    protected override Pager CreatePager(VmSystem system) => new ZeroPager();
}

public class VnodePagerConformance : PagerConformance
{
    protected override PagerTraits Traits { get; } = new() { PageCount = 8, StartsWith = (byte)'f', Forgets = false };

    protected override Pager CreatePager(VmSystem system) => system.CreateVnode("f", 8 * PageSize.BaseBytes, (byte)'f').Pager;
}

public class FailingPagerConformance : PagerConformance
{
    protected override PagerTraits Traits { get; } = new() { PageCount = 8, StartsWith = 0, Forgets = false };

    // It fails nothing unless it is told to; the pager behind it takes its time.
    protected override Pager CreatePager(VmSystem system)
    {
        VnodePager slow = system.CreateVnode("f", 8 * PageSize.BaseBytes, 0).Pager;
        slow.LatencyTicks = 2;
        return new FailingPager(slow);
    }
}

public class SlowVnodePagerConformance : PagerConformance
{
    protected override PagerTraits Traits { get; } = new() { PageCount = 8, StartsWith = 0, Forgets = false };

    protected override Pager CreatePager(VmSystem system)
    {
        VnodePager pager = system.CreateVnode("f", 8 * PageSize.BaseBytes, 0).Pager;
        pager.LatencyTicks = 3;
        return pager;
    }
}
