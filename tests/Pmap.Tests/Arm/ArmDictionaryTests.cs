using BsdVm.Conformance;

namespace BsdVm.Tests.Arm;

/// <summary>A pmap against a dictionary: same mappings whatever is entered, removed, collected; and all frames come back.</summary>
public class ArmDictionaryTests
{
    private static readonly VirtualAddress[] Regions =
        [new(0), new(0xF_0000), new(0x3F_F000), new(0x8000_0000), new(0xC000_0000 - 0x4_0000)];

    [Property(12, Arbitrary = [typeof(DictionaryStep)])]
    public void MappingsAreThoseOfADictionary(Steps<DictionaryStep> steps)
    {
        var rig = new ArmRig(DictionaryStep.FrameCount);
        var model = new SortedDictionary<VirtualAddress, PageFrameNumber>();
        foreach ((int number, DictionaryStep step) in steps.Items.Index())
        {
            AddressRange range = step.In(Regions, ArmRig.All.End);
            switch (step.Action)
            {
                case DictionaryAction.Collect:
                    Collect(rig, model);
                    break;
                case DictionaryAction.Remove:
                    rig.Pmap.Remove(range);
                    model.Keys.Where(range.Contains).ToList().ForEach(key => model.Remove(key));
                    break;
                default:
                    Enter(rig, range.Start, step.Frame);
                    model[range.Start] = step.Frame;
                    break;
            }

            rig.System.Update();
            if (number % 50 == 0 || number == steps.Items.Length - 1)
            {
                Assert.Equal(
                    model.Select(static pair => (pair.Key, pair.Value)),
                    rig.Pmap.Mappings(ArmRig.All).Select(static mapping => (mapping.Address, mapping.Frame)));
                Assert.Equal(rig.Pmap.Mappings(ArmRig.All), rig.Pmap.Pages(ArmRig.All).Select(static page => page.Mapping));
            }
        }

        rig.System.Destroy(rig.Pmap);
        Assert.Equal(
            (DictionaryStep.FrameCount, 0L, 0L),
            (rig.Frames.FreeCount, rig.System.Counters.TableFrames, rig.System.Counters.TableBytes));
    }

    private static bool IsWired(PageFrameNumber frame) => frame.Value % 64 == 0;

    private static void Enter(ArmRig rig, VirtualAddress page, PageFrameNumber frame)
    {
        Assert.Equal(PmapStatus.Success, rig.Pmap.Enter(page, frame, Protection.ReadWrite, AccessKind.Read, IsWired(frame)));
        Assert.True(rig.Cpu.Mmu.TryWalk(page, AccessKind.Read, PrivilegeMode.User, out ulong translation, out _));
        Assert.Equal(frame, new PhysicalAddress(translation).Frame);
    }

    // What is wired stays, in as few frames as its tables fill.
    private static void Collect(ArmRig rig, SortedDictionary<VirtualAddress, PageFrameNumber> model)
    {
        rig.Pmap.Collect();
        foreach (VirtualAddress gone in model.Where(static pair => !IsWired(pair.Value)).Select(static pair => pair.Key).ToList())
        {
            model.Remove(gone);
        }

        int tables = model.Keys.Select(static key => key.RoundDown(new(20))).Distinct().Count();
        Assert.Equal((tables, 4L + ((tables + 3) / 4)), (rig.Pmap.SecondLevelTables, rig.Pmap.TableFrames));
    }
}
