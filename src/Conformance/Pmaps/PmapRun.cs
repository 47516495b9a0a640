using Xunit;

namespace BsdVm.Conformance;

/// <summary>Performs random steps on one rig. Two of them over different backends must answer alike.</summary>
internal sealed class PmapRun
{
    private readonly Pmap[] _pmaps = new Pmap[PmapOperation.Pmaps];

    public PmapRun(PmapBackend backend)
    {
        Rig = new PmapRig(backend, PmapOperation.Cpus);
        for (int number = 0; number < _pmaps.Length; number++)
        {
            _pmaps[number] = Rig.NewPmap();
        }

        Pages = PagesOf(Rig);
    }

    public PmapRig Rig { get; }

    public IReadOnlyList<VirtualAddress> Pages { get; }

    // Runs of neighbours at each corner.
    public static IReadOnlyList<VirtualAddress> PagesOf(PmapRig rig) =>
        [.. rig.Corners.SelectMany(static corner => new[] { corner, corner + PageSize.BaseBytes, corner + (2 * PageSize.BaseBytes) })
            .Distinct().Where(page => rig.All.Contains(page)).Order()];

    /// <summary>Performs one step and returns what it answered.</summary>
    public string Perform(PmapOperation step)
    {
        Pmap pmap = _pmaps[step.Pmap];
        VirtualAddress page = Pages[step.Page % Pages.Count];
        PageFrameNumber frame = PmapRig.Frame(step.Frame);
        switch (step.Step)
        {
            case PmapStep.Enter:
                return Enter(pmap, step);
            case PmapStep.Access:
                return Access(Rig.Machine.Cpus[step.Cpu], page, step.Access);
            case PmapStep.Remove:
                pmap.Remove(RangeOf(step));
                break;
            case PmapStep.Protect:
                pmap.Protect(RangeOf(step), step.Rights);
                break;
            case PmapStep.PageProtect:
                Rig.System.PageProtect(frame, step.Rights);
                break;
            case PmapStep.ChangeWiring when pmap.TryExtract(page, out _):
                pmap.ChangeWiring(page, step.Wired);
                break;
            case PmapStep.ClearModify:
                Rig.System.ClearModify(frame);
                break;
            case PmapStep.ClearReference:
                Rig.System.ClearReference(frame);
                break;
            case PmapStep.Activate:
                Rig.System.Activate(pmap, Rig.Machine.Cpus[step.Cpu]);
                break;
            case PmapStep.Prepare:
                return pmap.Prepare(page).ToString();
            case PmapStep.Collect:
                pmap.Collect();
                break;
            case PmapStep.Recreate:
                Rig.System.Destroy(pmap);
                _pmaps[step.Pmap] = Rig.NewPmap();
                break;
            case PmapStep.Update:
                Rig.System.Update();
                break;
        }

        return "";
    }

    /// <summary>All that a user of the contract can see, but for hints.</summary>
    public string State()
    {
        var text = new System.Text.StringBuilder();
        foreach ((int number, Pmap pmap) in _pmaps.Index())
        {
            text.Append($"pmap {number}: {pmap.ResidentCount} mappings, {pmap.WiredCount} wired\n");
            foreach (PmapMapping mapping in pmap.Mappings(Rig.All))
            {
                text.Append($"  {mapping.Address} {mapping.Frame} {mapping.Rights.ToText()} {mapping.Flags & ~PmapFlags.Referenced}\n");
            }
        }

        for (int number = 0; number < PmapRig.DataFrames; number++)
        {
            PageFrameNumber frame = PmapRig.Frame(number);
            IEnumerable<string> users = Rig.System.MappingsOf(frame)
                .Select(user => $" {Array.IndexOf(_pmaps, user.Pmap)}:{user.Address}").Order();
            text.Append($"frame {number}: {(Rig.System.IsModified(frame) ? "modified" : "clean")}{string.Concat(users)}\n");
        }

        return text.ToString();
    }

    /// <summary>Ends all pmaps: no frame may be missing then.</summary>
    public void Finish()
    {
        foreach (Pmap pmap in _pmaps)
        {
            Rig.System.Destroy(pmap);
        }

        PmapRules.Check(Rig);
        Assert.Equal((0, 0), (Rig.Source.UsedCount, Rig.System.PvEntryCount));
    }

    // An access is named only where it then follows, as the contract says.
    private string Enter(Pmap pmap, PmapOperation step)
    {
        Cpu cpu = Rig.Machine.Cpus[step.Cpu];
        AccessKind? access = step.ForAccess && Rig.System.LoadedOn(cpu) == pmap ? step.Access : null;
        PmapStatus status = pmap.Enter(Pages[step.Page % Pages.Count], PmapRig.Frame(step.Frame), step.EnterRights, access, step.Wired);
        return access is null ? status.ToString() : $"{status} {Access(cpu, Pages[step.Page % Pages.Count], step.Access)}";
    }

    // Before an Update a TLB may or may not still know what the tables no longer say, so programs run only after one.
    private string Access(Cpu cpu, VirtualAddress page, AccessKind access)
    {
        Rig.System.Update();
        return Rig.System.LoadedOn(cpu) is null ? "idle"
            : Rig.Access(cpu, page + 0x123, access, out PhysicalAddress physical) ? physical.ToString()
            : "fault";
    }

    private AddressRange RangeOf(PmapOperation step)
    {
        VirtualAddress start = Pages[step.Page % Pages.Count];
        VirtualAddress last = Pages[Math.Min((step.Page % Pages.Count) + step.Length, Pages.Count) - 1];
        return AddressRange.FromTo(start, last + PageSize.BaseBytes);
    }
}
