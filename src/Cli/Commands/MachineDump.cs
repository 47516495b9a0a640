using System.Text.Json.Nodes;
using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary>A machine's state as files that any independent MMU can be asked about.</summary>
internal sealed class MachineDump
{
    private readonly string _folder;
    private readonly OutputFile[] _files;

    private MachineDump(string folder, OutputFile[] files)
    {
        _folder = folder;
        _files = files;
    }

    /// <summary>Refuses a folder whose files must not be written.</summary>
    public static MachineDump At(string folder, string input) =>
        new(folder, [.. ((string[])["memory.bin", "machine.json", "queries.jsonl"]).Select(name =>
            OutputFile.At(Path.Combine(folder, name), input))]);

    /// <summary>Writes the three files.</summary>
    public void Write(KernelScriptMachine machine)
    {
        VmSystem vm = machine.Kernel.Vm;
        ProcessDump[] processes = [.. machine.Kernel.Processes.Select(process => ProcessDump.Of(process) ?? throw NoTables(vm))];
        string architecture = processes.Length > 0 ? processes[0].Root.Architecture : ArchitectureOf(vm.Pmaps);
        Directory.CreateDirectory(_folder);
        _files[0].Write(vm.Machine.Memory.Dump);

        JsonObject document = JsonDocumentWriter.Start("run", null);
        document["arch"] = architecture;
        document["pmap"] = vm.Pmaps.Backend.Name;
        document["memoryBytes"] = vm.Machine.Memory.LengthBytes;
        document["processes"] = new JsonArray([.. processes.Select(static process => process.ToJson())]);
        _files[1].WriteText(JsonDocumentWriter.Text(document) + "\n");
        _files[2].WriteText(string.Concat(processes.SelectMany(static process => process.Queries()).Select(static query => query + "\n")));
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
