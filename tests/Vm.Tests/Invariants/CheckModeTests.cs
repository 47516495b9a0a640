using BsdVm.X86;

namespace BsdVm.Tests.Invariants;

/// <summary>When a system checks its rules by itself.</summary>
public class CheckModeTests
{
    [Theory]
    [InlineData(CheckMode.Off, 0)]
    [InlineData(CheckMode.Every, 1)]
    public void All_or_none(CheckMode mode, int expected)
    {
        VmSystem system = Build(mode);
        Assert.Equal(expected, OperationsUntilFound(system, 50));
    }

    // As FreeBSD does: a check comes when there were more operations than there are things to check.
    [Fact]
    public void Amortized_once_there_were_more_operations_than_things()
    {
        VmSystem system = Build(CheckMode.Amortized);
        int things = system.Spaces.Sum(static space => space.Map.Count) + system.Objects.Count
            + system.Pages.TotalCount - 2 - system.Pages.FreeCount;
        Assert.InRange(things, 6, 20);

        // Two operations went by so far: the space's own, and the mapping's; the fault was none. Then as many as there are things, and one.
        int found = OperationsUntilFound(system, 50);
        Assert.InRange(found, things - 2, things + 1);
    }

    // How many operations it takes until a wrong count is found; 0 if it never is.
    private static int OperationsUntilFound(VmSystem system, int most)
    {
        system.Spaces.First().Map.First!.Object!.ResidentCount++;
        for (int operation = 1; operation <= most; operation++)
        {
            try
            {
                system.OperationDone();
            }
            catch (InvariantViolationException found)
            {
                Assert.Equal("OBJ-PAGES", found.Rule);
                return operation;
            }
        }

        return 0;
    }

    private static VmSystem Build(CheckMode mode)
    {
        var system = new VmSystem(new VmConfiguration { Backend = X86Backends.FourLevel, FrameCount = 65536, Check = mode });
        Assert.True(system.TryCreateSpace(new AddressRange(new(0x1000), 0x7000_0000), out VmSpace? space));
        var range = new AddressRange(new(0x1000_0000), PageSize.BaseBytes);
        Assert.Equal(VmStatus.Success, space.Map.Insert(new VmMapRequest { Range = range, Protection = Protection.ReadWrite }));
        Assert.Equal(VmStatus.Success, system.Fault(space, range.Start, AccessKind.Write));
        return system;
    }
}
