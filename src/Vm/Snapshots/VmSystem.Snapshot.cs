using System.Collections.Immutable;
using BsdVm.Snapshots;

namespace BsdVm;

public sealed partial class VmSystem
{
    /// <summary>
    /// The state of everything now: address spaces, objects, amaps, frames and processors. What happens later does not change it. It takes
    /// time and memory with the number of frames, mappings and table entries: for pictures, tests and comparisons.
    /// </summary>
    public VmSystemSnapshot Snapshot()
    {
        var reader = new SnapshotReader(this);
        ImmutableArray<VmSpaceSnapshot> spaces = [.. Spaces.OrderBy(static space => space.Pmap.Id).Select(reader.Read)];
        return new()
        {
            Spaces = spaces,
            Objects = [.. Objects.All.Select(reader.Read).OrderBy(static each => each.Id)],
            Amaps = [.. reader.Amaps.OrderBy(static each => each.Id)],
            Pages = SnapshotReader.Read(Pages, spaces),
            Cpus = SnapshotCpus(),
        };
    }

    private ImmutableArray<CpuSnapshot> SnapshotCpus()
    {
        var cpus = ImmutableArray.CreateBuilder<CpuSnapshot>(Machine.Cpus.Length);
        foreach (Cpu cpu in Machine.Cpus)
        {
            cpus.Add(cpu.Snapshot());
        }

        return cpus.MoveToImmutable();
    }
}
