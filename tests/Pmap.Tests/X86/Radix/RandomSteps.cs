using System.Text;

namespace BsdVm.Tests.X86;

/// <summary>
/// Random operations on three pmaps of two rigs alike, one of them over the reference. Pages and frames are few and neighbours, so that
/// large pages and shared tables of the tiny format come and go.
/// </summary>
internal sealed class RandomSteps(RadixRig rig)
{
    private const int Pages = 12;
    private const int DataFrames = 8;

    private readonly Pmap[] _pmaps = [rig.NewPmap(), rig.NewPmap(), rig.NewPmap()];

    /// <summary>Tables that were taken over.</summary>
    public int Shared { get; private set; }

    public static int Compare(RadixRig tested, RadixRig reference, Random random, int steps, bool shares = false)
    {
        var one = new RandomSteps(tested);
        var other = new RandomSteps(reference);
        for (int step = 0; step < steps; step++)
        {
            int seed = random.Next();
            string expected = other.Step(new Random(seed), shares) + "\n" + other.State();
            string found = one.Step(new Random(seed), shares) + "\n" + one.State();
            Assert.True(expected == found, $"Step {step}: expected\n{expected}\nfound\n{found}");
            if (step % 3 == 0)
            {
                tested.Check();
            }
        }

        one.Finish();
        return one.Shared;
    }

    public void Finish()
    {
        foreach (Pmap pmap in _pmaps)
        {
            rig.System.Destroy(pmap);
        }

        Assert.Equal((0L, 0L, 0), (rig.System.Counters.TableFrames, rig.System.Counters.SharedTableBytes, rig.System.PvEntryCount));
    }

    public string Step(Random random, bool shares)
    {
        Pmap pmap = _pmaps[random.Next(3)];
        int page = random.Next(Pages);
        var address = new VirtualAddress((ulong)page << 12);
        var range = new AddressRange(address, (ulong)random.Next(1, 5) << 12);
        PageFrameNumber frame = RadixRig.Frame((ulong)random.Next(DataFrames));
        Cpu cpu = rig.Machine.Cpus[random.Next(2)];
        Protection rights = random.Next(3) == 0 ? Protection.Read : Protection.ReadWrite;
        switch (random.Next(shares ? 28 : 24))
        {
            case < 8:
                // Mostly the frame with which a neighbour makes a large page.
                frame = random.Next(4) > 0 ? RadixRig.Frame((ulong)(page % DataFrames)) : frame;
                AccessKind access = rights == Protection.Read ? AccessKind.Read : AccessKind.Write;
                return pmap.Enter(address, frame, rights, random.Next(4) > 0 ? access : null, random.Next(10) == 0).ToString();
            case < 14:
                rig.System.Update();
                if (rig.System.LoadedOn(cpu) is null)
                {
                    return "idle";
                }

                bool went = cpu.Access(address + 8, random.Next(2) == 0 ? AccessKind.Read : AccessKind.Write, out PhysicalAddress physical);
                return went ? physical.ToString() : "fault";
            case 14:
                pmap.Remove(range);
                break;
            case 15:
                pmap.Protect(range, Protection.Read);
                break;
            case 16:
                rig.System.PageProtect(frame, random.Next(2) == 0 ? Protection.None : Protection.Read);
                break;
            case 17 when pmap.TryExtract(address, out _):
                pmap.ChangeWiring(address, random.Next(2) == 0);
                break;
            case 18:
                rig.System.ClearModify(frame);
                break;
            case 19:
                rig.System.ClearReference(frame);
                break;
            case 20 or 21:
                rig.System.Activate(pmap, cpu);
                break;
            case 22 when random.Next(10) == 0:
                pmap.Collect();
                break;
            case 23 when random.Next(10) == 0 && rig.Source.Budget > 3:
                rig.System.Destroy(pmap);
                _pmaps[Array.IndexOf(_pmaps, pmap)] = rig.NewPmap();
                break;
            case > 23:
                return Share(pmap, _pmaps[random.Next(3)], new(new(address.Value & ~0x1FFFUL), (ulong)random.Next(1, 4) << 13));
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

        IEnumerable<bool> modified = Enumerable.Range(0, DataFrames).Select(frame => rig.System.IsModified(RadixRig.Frame((ulong)frame)));
        return text.AppendJoin(' ', modified).ToString();
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
