using BsdVm.Arm;
using BsdVm.Tests.Walkthrough;
using BsdVm.X86;

namespace BsdVm.Tests.Shootdowns;

/// <summary>TLB-FRESH on three processors: removals and reductions hold everywhere after an update, and a forgotten shootdown is caught.</summary>
public class ShootdownTests
{
    public static TheoryData<string> Backends => ["x86-4level", "armv7-short", "mips-hashed", "radix", "toy"];

    [Theory]
    [MemberData(nameof(Backends))]
    public void After_an_update_no_processor_holds_what_was_taken(string backend)
    {
        (ThreeProcessors three, VmSpace one, VmSpace other) = Start(backend);
        bool hasTags = three.System.Pmaps.Backend.Capabilities.TagBits > 0;
        for (int cpu = 0; cpu < 3; cpu++)
        {
            // Under a tag of its own the space that ran before stays cached beside the one that runs.
            Assert.Equal(cpu == 0 || hasTags, three.CachedPages(one, cpu) > 0);
            Assert.Equal(cpu > 0, three.CachedPages(other, cpu) > 0);
        }

        Assert.Equal(VmStatus.Success, one.Map.Protect(ThreeProcessors.Pages(0, 3), Protection.Read));
        one.Map.Remove(ThreeProcessors.Pages(3, 3));
        one.Pmap.Remove(ThreeProcessors.Pages(6, 1));
        other.Map.Remove(ThreeProcessors.Pages(11, 1));
        three.UpdateAndCheck();

        for (int cpu = 0; cpu < 3; cpu++)
        {
            Assert.Equal(cpu == 0, three.Access(cpu, 11, AccessKind.Read));
            Assert.Equal(cpu > 0, three.Access(cpu, 0, AccessKind.Write));
            one.Activate(three.Cpu(cpu));
            for (int page = 0; page < ThreeProcessors.PageCount; page++)
            {
                bool isGone = page is >= 3 and < 6;
                Assert.Equal(!isGone, three.Access(cpu, page, AccessKind.Read));
                Assert.Equal(!isGone && page >= 3, three.Access(cpu, page, AccessKind.Write));
            }

            three.UpdateAndCheck();
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Whatever_is_done_leaves_every_Tlb_fresh(string backend)
    {
        (ThreeProcessors three, VmSpace one, VmSpace other) = Start(backend);
        var random = new Random(11);
        List<VmSpace> spaces = [one, other];
        for (int step = 0; step < 80; step++)
        {
            VmSpace space = spaces[random.Next(spaces.Count)];
            int first = random.Next(ThreeProcessors.PageCount);
            AddressRange range = ThreeProcessors.Pages(first, random.Next(1, ThreeProcessors.PageCount - first + 1));
            switch (random.Next(8))
            {
                case 0:
                    space.Map.Remove(range);
                    ThreeProcessors.Map(space, first, (int)range.PageCount);
                    break;
                case 1:
                    space.Map.Protect(range, (Protection)random.Next(8));
                    break;
                case 2:
                    space.Pmap.Remove(range);
                    break;
                case 3:
                    space.Pmap.Protect(range, (Protection)random.Next(8));
                    break;
                case 4:
                    space.Pmap.Collect();
                    break;
                case 5 when spaces.Count < 4:
                    Assert.Equal(VmStatus.Success, space.TryFork(false, out VmSpace? child));
                    spaces.Add(child!);
                    break;
                case 5:
                    spaces.Remove(space);
                    space.Destroy();
                    break;
                default:
                    space.Map.Protect(range, Protection.All);
                    break;
            }

            three.UpdateAndCheck();
            for (int access = 0; access < 12; access++)
            {
                int cpu = random.Next(3);
                if (random.Next(3) == 0 || three.System.Pmaps.LoadedOn(three.Cpu(cpu)) is null)
                {
                    spaces[random.Next(spaces.Count)].Activate(three.Cpu(cpu));
                }

                three.Access(cpu, random.Next(ThreeProcessors.PageCount), (AccessKind)random.Next(3));
            }

            three.UpdateAndCheck();
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_processor_that_is_forgotten_is_caught(string backend)
    {
        for (int forgotten = 0; forgotten < 3; forgotten++)
        {
            foreach (Protection left in new[] { Protection.None, Protection.Read })
            {
                ThreeProcessors three = Make(backend);
                VmSpace space = three.NewSpace();
                for (int cpu = 0; cpu < 3; cpu++)
                {
                    three.Run(space, cpu);
                    Assert.True(three.Access(cpu, 5, AccessKind.Write));
                }

                three.UpdateAndCheck();
                Assert.Equal(0b111UL, space.Pmap.CachedOn);
                typeof(Pmap).GetProperty(nameof(Pmap.CachedOn))!.SetValue(space.Pmap, 0b111UL & ~(1UL << forgotten));
                space.Pmap.Protect(ThreeProcessors.Pages(5, 1), left);
                three.System.Pmaps.Update();
                AssertCaught(three, ThreeProcessors.Page(5));

                // The other two were told: nothing is stale once the third drops the page.
                three.Cpu(forgotten).Invalidate(ThreeProcessors.Pages(5, 1), space.Pmap.Tag);
                three.System.CheckInvariants();
            }
        }
    }

    [Theory]
    [InlineData(nameof(Forgotten.Nothing))]
    [InlineData(nameof(Forgotten.Debt))]
    public void A_backend_that_does_not_owe_is_caught(string forgotten)
    {
        var three = new ThreeProcessors(new ForgetfulBackend(Enum.Parse<Forgotten>(forgotten)));
        VmSpace space = three.NewSpace();
        for (int cpu = 0; cpu < 3; cpu++)
        {
            three.Run(space, cpu);
        }

        ((ForgetfulPmap)space.Pmap).MakeReadOnly(ThreeProcessors.Page(5));
        three.System.Pmaps.Update();
        if (forgotten == nameof(Forgotten.Nothing))
        {
            three.System.CheckInvariants();
        }
        else
        {
            AssertCaught(three, ThreeProcessors.Page(5));
        }
    }

    [Theory]
    [InlineData(nameof(Forgotten.Nothing))]
    [InlineData(nameof(Forgotten.Flush))]
    public void A_backend_that_does_not_flush_is_caught(string forgotten)
    {
        var three = new ThreeProcessors(new ForgetfulBackend(Enum.Parse<Forgotten>(forgotten)));
        VmSpace one = three.NewSpace();
        VmSpace other = three.NewSpace();
        three.Run(one, 2);
        three.UpdateAndCheck();
        other.Activate(three.Cpu(2));
        if (forgotten == nameof(Forgotten.Nothing))
        {
            three.System.CheckInvariants();
        }
        else
        {
            AssertCaught(three, subject: null);
        }
    }

    private static void AssertCaught(ThreeProcessors three, VirtualAddress? subject)
    {
        InvariantViolationException caught = Assert.Throws<InvariantViolationException>(three.System.CheckInvariants);
        Assert.Equal("TLB-FRESH", caught.Rule);
        Assert.True(subject is null || caught.Subject == subject.ToString(), caught.Subject);
    }

    // One space that has run on all three processors, and another one that two of them run now.
    private static (ThreeProcessors Three, VmSpace One, VmSpace Other) Start(string backend)
    {
        ThreeProcessors three = Make(backend);
        VmSpace one = three.NewSpace();
        VmSpace other = three.NewSpace();
        for (int cpu = 0; cpu < 3; cpu++)
        {
            three.Run(one, cpu);
        }

        three.Run(other, 1);
        three.Run(other, 2);
        three.UpdateAndCheck();
        return (three, one, other);
    }

    private static ThreeProcessors Make(string name) => new(name switch
    {
        "x86-4level" => X86Backends.FourLevel,
        "armv7-short" => ArmBackends.Short,
        "toy" => new ToyBackend(),
        _ => Tests.Backends.Named(name),
    });
}
