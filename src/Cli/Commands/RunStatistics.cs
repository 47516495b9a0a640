using System.Text.Json.Nodes;
using BsdVm.Posix;
using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary>What a run counted.</summary>
internal static class RunStatistics
{
    public static JsonObject Json(KernelScriptMachine machine, string inputSha256)
    {
        VmSystem vm = machine.Kernel.Vm;
        VmCounters faults = vm.Counters;
        JsonObject document = JsonDocumentWriter.Start("run", inputSha256);
        document["operations"] = machine.OperationCount;
        document["faults"] = new JsonObject
        {
            ["zeroFill"] = faults.ZeroFill,
            ["readZero"] = faults.ReadZero,
            ["copyOnWrite"] = faults.CopyOnWrite,
            ["reuse"] = faults.Reuse,
            ["pageIn"] = faults.PageIn,
            ["protection"] = faults.Protection,
            ["unmapped"] = faults.Unmapped,
        };
        document["processes"] = new JsonArray([.. machine.Kernel.Processes.Select(static process => new JsonObject
        {
            ["name"] = process.Name,
            ["minorFaults"] = process.Space.MinorFaults,
            ["majorFaults"] = process.Space.MajorFaults,
            ["residentPages"] = process.Space.Pmap.ResidentCount,
            ["entries"] = process.Space.Map.Count,
        })]);
        document["objects"] = vm.Objects.Count;
        document["longestChain"] = faults.LongestChain;
        document["collapses"] = faults.Collapses;
        document["bypasses"] = faults.Bypasses;
        document["frames"] = new JsonObject
        {
            ["total"] = vm.Pages.TotalCount,
            ["free"] = vm.Pages.FreeCount,
            ["active"] = vm.Pages.ActiveCount,
            ["inactive"] = vm.Pages.InactiveCount,
            ["wired"] = vm.Pages.WiredCount,
            ["pageTables"] = vm.Pages.TableCount,
        };
        document["swap"] = new JsonObject { ["total"] = 0, ["used"] = 0 };
        CpuCounters cpu = vm.Machine.Cpus[0].Counters;
        document["tlb"] = new JsonObject
        {
            ["hits"] = cpu.Accesses - cpu.InstructionMisses - cpu.DataMisses,
            ["misses"] = cpu.InstructionMisses + cpu.DataMisses,
            ["shootdowns"] = cpu.Shootdowns,
        };
        return document;
    }

    public static void Write(TextWriter output, KernelScriptMachine machine)
    {
        VmSystem vm = machine.Kernel.Vm;
        VmCounters faults = vm.Counters;
        output.WriteLine(
            $"faults: {faults.ZeroFill} zero fill, {faults.ReadZero} zero page, {faults.CopyOnWrite} copy-on-write, {faults.Reuse} reuse, {faults.PageIn} page-in, {faults.Protection} protection, {faults.Unmapped} unmapped");
        var table = new Table("process", "minor", "major", "resident", "entries");
        foreach (Process process in machine.Kernel.Processes)
        {
            table.Add(
                process.Name, $"{process.Space.MinorFaults}", $"{process.Space.MajorFaults}", $"{process.Space.Pmap.ResidentCount}", $"{process.Space.Map.Count}");
        }

        table.Write(output);
        output.WriteLine(
            $"objects: {vm.Objects.Count}, longest chain searched {faults.LongestChain}, {faults.Collapses} collapses, {faults.Bypasses} bypasses");
        output.WriteLine(
            $"frames: {vm.Pages.TotalCount} in all, {vm.Pages.FreeCount} free, {vm.Pages.ActiveCount} active, {vm.Pages.InactiveCount} inactive, {vm.Pages.WiredCount} wired, {vm.Pages.TableCount} in page tables");
    }
}
