using System.Text.Json.Nodes;
using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary>A machine's state as files that any independent MMU can be asked about.</summary>
internal static class MachineDump
{
    public static void Write(string folder, KernelScriptMachine machine)
    {
        VmSystem vm = machine.Kernel.Vm;
        ProcessDump[] processes = [.. machine.Kernel.Processes.Select(process => ProcessDump.Of(process) ?? throw NoTables(vm))];
        string architecture = processes.Length > 0 ? processes[0].Root.Architecture : ArchitectureOf(vm.Pmaps);
        Directory.CreateDirectory(folder);
        using (FileStream memory = File.Create(Path.Combine(folder, "memory.bin")))
        {
            vm.Machine.Memory.Dump(memory);
        }

        JsonObject document = JsonDocumentWriter.Start("run", null);
        document["arch"] = architecture;
        document["pmap"] = vm.Pmaps.Backend.Name;
        document["memoryBytes"] = vm.Machine.Memory.LengthBytes;
        document["processes"] = new JsonArray([.. processes.Select(static process => process.ToJson())]);
        File.WriteAllText(Path.Combine(folder, "machine.json"), JsonDocumentWriter.Text(document) + "\n");
        File.WriteAllLines(Path.Combine(folder, "queries.jsonl"), processes.SelectMany(static process => process.Queries()));
    }

    // Where every process has exited, a pmap made for the question says what machine it is.
    private static string ArchitectureOf(PmapSystem pmaps)
    {
        if (!pmaps.TryCreate(out Pmap? pmap))
        {
            throw new UsageException("--dump: no process is left, and no memory to make one");
        }

        string? architecture = pmap.DescribeRoot()?.Architecture;
        pmaps.Destroy(pmap);
        return architecture ?? throw NoTables(pmaps.Backend);
    }

    private static UsageException NoTables(VmSystem vm) => NoTables(vm.Pmaps.Backend);

    private static UsageException NoTables(PmapBackend backend) => new($"--dump: no independent MMU translates as {backend.Name} does");
}
