using BsdVm.Snapshots;

namespace BsdVm.Posix;

/// <summary>The rule between what Linux keeps and what the vm_map keeps.</summary>
internal static class VmaInvariants
{
    /// <summary>
    /// <c>VMA-COVERS</c>: every entry lies in one mapping and has its rights and sharing, and every page of a mapping has an entry.
    /// </summary>
    public static void Check(VmMap map, VmaMap vmas)
    {
        ulong covered = 0;
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            bool found = vmas.TryFind(entry.Start.Value, out int index);
            if (!found || vmas[index].End < entry.End.Value)
            {
                throw new InvariantViolationException(
                    "VMA-COVERS", entry.Describe().ToString(), "one mapping around it", found ? $"{vmas[index].Range}" : "none");
            }

            if (vmas[index].Protection != entry.Protection || vmas[index].IsShared != entry.IsShared)
            {
                throw new InvariantViolationException(
                    "VMA-COVERS", entry.Describe().ToString(), $"{vmas[index].Protection}", $"{entry.Protection}");
            }

            covered += entry.Range.LengthBytes;
        }

        ulong mapped = 0;
        foreach (ref readonly Vma vma in vmas.Items)
        {
            mapped += vma.End - vma.Start;
        }

        if (mapped != covered)
        {
            throw new InvariantViolationException("VMA-COVERS", "all mappings", $"{mapped} bytes of entries", $"{covered}");
        }
    }
}
