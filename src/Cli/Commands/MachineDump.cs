using System.Text;
using System.Text.Json.Nodes;
using BsdVm.Posix;
using BsdVm.Script;
using BsdVm.X86;

namespace BsdVm.Cli;

/// <summary>A machine's state as files that any independent MMU can be asked about.</summary>
internal static class MachineDump
{
    public static void Write(string folder, KernelScriptMachine machine)
    {
        VmSystem vm = machine.Kernel.Vm;
        string backend = vm.Pmaps.Backend.Name;
        string arch = backend switch
        {
            "x86-2level" => "ia32",
            "x86-4level" => "amd64",
            _ => throw new UsageException($"--dump: {backend} has no tables in memory"),
        };
        Directory.CreateDirectory(folder);
        using (FileStream memory = File.Create(Path.Combine(folder, "memory.bin")))
        {
            vm.Machine.Memory.Dump(memory);
        }

        JsonObject document = JsonDocumentWriter.Start("run", null);
        document["arch"] = arch;
        document["pmap"] = backend;
        document["memoryBytes"] = vm.Machine.Memory.LengthBytes;
        document["processes"] = new JsonArray([.. machine.Kernel.Processes.Select(process => ProcessOf(process, arch))]);
        File.WriteAllText(Path.Combine(folder, "machine.json"), JsonDocumentWriter.Text(document) + "\n");
        File.WriteAllText(Path.Combine(folder, "queries.jsonl"), Queries(machine));
    }

    private static JsonObject ProcessOf(Process process, string arch) => new()
    {
        ["name"] = process.Name,
        ["root"] = Root(process, arch),
        ["asid"] = 0,
        ["mappings"] = new JsonArray([.. process.Space.Pmap.Mappings(process.Space.Map.Bounds).Select(static mapping => new JsonObject
        {
            ["va"] = mapping.Address.ToString(),
            ["pa"] = mapping.Frame.Address.ToString(),
            ["length"] = PageSize.BaseBytes,
            ["read"] = mapping.Rights.Allows(Protection.Read),
            ["write"] = mapping.Rights.Allows(Protection.Write),
            ["execute"] = mapping.Rights.Allows(Protection.Execute),
            ["user"] = true,
        })]),
    };

    private static JsonObject Root(Process process, string arch)
    {
        ulong root = process.Space.Pmap switch
        {
            X86Pmap<X86FourLevel> wide => wide.Root.Value,
            X86Pmap<X86TwoLevel> narrow => narrow.Root.Value,
            _ => throw new UsageException($"--dump: {process.Space.Pmap.GetType().Name} has no root in memory"),
        };
        var keys = new JsonObject { ["cr3"] = $"0x{root:x}", ["wp"] = 1 };
        if (arch == "amd64")
        {
            keys["nx"] = 1;
        }

        return keys;
    }

    // Each mapping is asked for each kind of access, by a program and by the kernel; and the page behind it.
    private static string Queries(KernelScriptMachine machine)
    {
        var text = new StringBuilder();
        foreach (Process process in machine.Kernel.Processes)
        {
            foreach (PmapMapping mapping in process.Space.Pmap.Mappings(process.Space.Map.Bounds))
            {
                foreach ((string name, Protection right) in (ReadOnlySpan<(string, Protection)>)
                    [("read", Protection.Read), ("write", Protection.Write), ("execute", Protection.Execute)])
                {
                    bool isAllowed = mapping.Rights.Allows(right);
                    var query = new JsonObject
                    {
                        ["va"] = mapping.Address.ToString(),
                        ["access"] = name,
                        ["priv"] = "user",
                        ["process"] = process.Name,
                        ["expect"] = isAllowed ? mapping.Frame.Address.ToString() : "protection",
                    };
                    text.Append(query.ToJsonString()).Append('\n');
                }
            }
        }

        return text.ToString();
    }
}
