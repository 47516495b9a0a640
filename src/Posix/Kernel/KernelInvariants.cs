namespace BsdVm.Posix;

/// <summary>Rules between what processes see and the layers below.</summary>
public static class KernelInvariants
{
    /// <summary>Checks them, and all of the layers below.</summary>
    /// <exception cref="InvariantViolationException">With the rule's name.</exception>
    public static void Check(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        kernel.Vm.CheckInvariants();
        if (kernel.Configuration.OperatingSystem == OperatingSystemKind.Linux)
        {
            foreach (Process process in kernel.Processes)
            {
                CheckOrder(process.Memory.Mappings, process.Name);
                CheckCovers(process.Memory, process.Name);
            }
        }
    }

    /// <summary><c>VMA-ORDER</c>: Linux's mappings are sorted, disjoint, not empty, page aligned; only private ones have an anon_vma.</summary>
    internal static void CheckOrder(VmaMap mappings, string subject)
    {
        ulong end = 0;
        foreach (ref readonly Vma mapping in mappings.Items)
        {
            Require(mapping.Start >= end && mapping.Start < mapping.End, "VMA-ORDER", subject, $"a mapping at or above {end:x}", mapping.Range);
            Require(((mapping.Start | mapping.End) & PageSize.Base.OffsetMask) == 0, "VMA-ORDER", subject, "page alignment", mapping.Range);
            Require(!mapping.IsShared || mapping.AnonVma is null, "VMA-ORDER", subject, "no anon_vma of a shared mapping", mapping.Range);
            end = mapping.End;
        }
    }

    /// <summary><c>VMA-COVERS</c>: every map entry lies in one of Linux's mappings, with its rights and sharing, and they cover nothing else.</summary>
    internal static void CheckCovers(ProcessMemory memory, string subject)
    {
        ulong covered = 0;
        for (VmMapEntry? entry = memory.Map.First; entry is not null; entry = entry.Next)
        {
            bool isFound = memory.Mappings.TryFind(entry.Start.Value, out int index);
            Require(isFound && entry.End.Value <= memory.Mappings[index].End, "VMA-COVERS", subject, "one mapping around an entry", entry.Range);
            Vma mapping = memory.Mappings[index];
            Require(
                mapping.Protection == entry.Protection && mapping.IsShared == entry.IsShared && mapping.Has(VmaFlags.Locked) == entry.IsWired,
                "VMA-COVERS", subject, $"{entry.Protection} {entry.IsShared} {entry.IsWired} at {entry.Range}", $"{mapping.Protection} {mapping.IsShared} {mapping.Flags}");
            covered += entry.Range.LengthBytes;
        }

        ulong mapped = 0;
        foreach (ref readonly Vma mapping in memory.Mappings.Items)
        {
            mapped += mapping.Range.LengthBytes;
        }

        Require(covered == mapped, "VMA-COVERS", subject, $"{mapped} bytes of entries", covered);
    }

    private static void Require(bool holds, string rule, string subject, string expected, object found)
    {
        if (!holds)
        {
            throw new InvariantViolationException(rule, subject, expected, $"{found}");
        }
    }
}
