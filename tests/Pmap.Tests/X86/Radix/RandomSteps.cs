using System.Text;
using BsdVm.Conformance;

namespace BsdVm.Tests.X86;

/// <summary>Performs random steps on three pmaps of a rig. Two rigs, one of them over the reference, must answer alike.</summary>
internal sealed class RandomSteps(RadixRig rig)
{
    private readonly Pmap[] _pmaps = [rig.NewPmap(), rig.NewPmap(), rig.NewPmap()];

    /// <summary>Tables that were taken over.</summary>
    public int Shared { get; private set; }

    /// <summary>
    /// Compares the format of small tables, which shares and perhaps promotes, with the reference. Returns what was done.
    /// </summary>
    public static (int Shared, PmapCounters Counters) Compare(bool promotes, Steps<TableStep> steps)
    {
        var tested = new RadixRig(new TinyBackend(promotes), TableStep.FrameCount);
        var reference = new RadixRig(
            new ReferenceBackend(tested.System.Backend.Capabilities with { TagBits = 0 }), TableStep.FrameCount);
        var one = new RandomSteps(tested);
        var other = new RandomSteps(reference);
        foreach ((int number, TableStep step) in steps.Items.Index())
        {
            string expected = other.Perform(step) + "\n" + other.State();
            string found = one.Perform(step) + "\n" + one.State();
            Assert.True(expected == found, $"Step {number}, {step}: expected\n{expected}\nfound\n{found}");
            if (number % 3 == 0)
            {
                tested.Check();
            }
        }

        one.Finish();
        return (one.Shared, tested.System.Counters);
    }

    public void Finish()
    {
        foreach (Pmap pmap in _pmaps)
        {
            rig.System.Destroy(pmap);
        }

        Assert.Equal((0L, 0L, 0), (rig.System.Counters.TableFrames, rig.System.Counters.SharedTableBytes, rig.System.PvEntryCount));
    }

    /// <summary>Performs one step and returns what it answered.</summary>
    public string Perform(in TableStep step)
    {
        Pmap pmap = _pmaps[step.Pmap];
        VirtualAddress address = new PageNumber((ulong)step.Page).Address;
        var range = new AddressRange(address, (ulong)step.Pages * PageSize.BaseBytes);
        PageFrameNumber frame = RadixRig.Frame((ulong)step.Frame);
        switch (step.Action)
        {
            case TableAction.Enter:
                return pmap.Enter(address, frame, step.Rights, step.Access, step.Flag).ToString();
            case TableAction.Access:
                return Access(rig.Machine.Cpus[step.Cpu], address, step.Access ?? AccessKind.Read);
            case TableAction.Remove:
                pmap.Remove(range);
                break;
            case TableAction.Protect:
                pmap.Protect(range, Protection.Read);
                break;
            case TableAction.PageProtect:
                rig.System.PageProtect(frame, step.Flag ? Protection.None : Protection.Read);
                break;
            case TableAction.ChangeWiring when pmap.TryExtract(address, out _):
                pmap.ChangeWiring(address, step.Flag);
                break;
            case TableAction.ClearModify:
                rig.System.ClearModify(frame);
                break;
            case TableAction.ClearReference:
                rig.System.ClearReference(frame);
                break;
            case TableAction.Activate:
                rig.System.Activate(pmap, rig.Machine.Cpus[step.Cpu]);
                break;
            case TableAction.Collect:
                pmap.Collect();
                break;
            case TableAction.Recreate when rig.Source.Budget > 3:
                rig.System.Destroy(pmap);
                _pmaps[step.Pmap] = rig.NewPmap();
                break;
            case TableAction.Share:
                return Share(pmap, _pmaps[step.Donor], new(address.RoundDown(new(13)), (ulong)step.Pages * 2 * PageSize.BaseBytes));
        }

        return "";
    }

    public string State()
    {
        var text = new StringBuilder();
        foreach (Pmap pmap in _pmaps)
        {
            text.Append($"{pmap.ResidentCount} {pmap.WiredCount}");
            foreach (PmapMapping mapping in pmap.Mappings(rig.All))
            {
                // The modified bits of a shared table are those of all its users: only what a frame says is the same everywhere.
                text.Append($" {mapping.Address}={mapping.Frame} {mapping.Rights.ToText()} {mapping.Flags & PmapFlags.Wired}");
            }

            text.Append('\n');
        }

        IEnumerable<int> frames = Enumerable.Range(0, TableStep.FrameCount);
        return text.AppendJoin(' ', frames.Select(frame => rig.System.IsModified(RadixRig.Frame((ulong)frame)))).ToString();
    }

    private string Access(Cpu cpu, VirtualAddress address, AccessKind access)
    {
        rig.System.Update();
        return rig.System.LoadedOn(cpu) is null ? "idle"
            : cpu.Access(address + 8, access, out PhysicalAddress physical) ? physical.ToString()
            : "fault";
    }

    // The reference has no tables to share: it enters each page.
    private string Share(Pmap pmap, Pmap donor, AddressRange range)
    {
        if (ReferenceEquals(pmap, donor))
        {
            return "";
        }

        if (pmap is RadixPmap<TinyFormat> sharer)
        {
            bool shared = sharer.TryShareTables(donor, range);
            Shared += shared ? 1 : 0;
            return shared.ToString();
        }

        List<PmapMapping> mappings = [.. donor.Mappings(range)];
        if (pmap.Mappings(range).Any() || mappings.Any(static mapping => (mapping.Flags & PmapFlags.Wired) != 0))
        {
            return false.ToString();
        }

        mappings.ForEach(mapping => pmap.Enter(mapping.Address, mapping.Frame, mapping.Rights, null, wired: false));
        return true.ToString();
    }
}
