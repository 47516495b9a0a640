using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using BsdVm.Posix;
using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary><c>show</c>: the state after a line of a scenario, as a person would draw it.</summary>
internal static class ShowCommand
{
    public static Command Create(Context context)
    {
        var file = new Argument<string?>("FILE") { Description = "The scenario", Arity = ArgumentArity.ZeroOrOne };
        var at = new Option<int?>("--at") { Description = "Stops after this line; the end if left out" };
        var process = new Option<string?>("--process") { Description = "Whose map and tables; the oldest living process if left out" };
        var va = new Option<string?>("--va") { Description = "An address whose walk is shown step by step" };
        var frames = new Option<bool>("--frames") { Description = "Every frame in use, and for what" };
        var tlb = new Option<bool>("--tlb") { Description = "What the TLBs hold, alone" };
        var json = new Option<bool>("--json") { Description = "One JSON document" };
        var worked = new Option<string?>("--worked") { Description = "A worked example instead of a scenario: A3, A4 or A5" };
        var machine = new KernelFactory();
        var command = new Command(
            "show",
            "Draws maps, object chains, queues, page tables and walks.\nExample: bsdvm show scenarios/fork/copy-on-write-both-ways.vms --at 5 --va 0x10000000")
        {
            file, at, process, va, frames, tlb, json, worked,
        };
        machine.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(worked) is { } example)
            {
                return WorkedExamples.Write(context.Output, example);
            }

            string name = parsed.GetValue(file) ?? throw new UsageException("show needs a scenario FILE, or --worked A3|A4|A5");
            Scenario scenario = Scenario.Read(name);
            VmScript script = scenario.Script;
            int? line = parsed.GetValue(at);
            if (line < 1 || line > scenario.LineCount)
            {
                throw new UsageException($"--at {line}: {name} has the lines 1 to {scenario.LineCount}");
            }

            KernelScriptMachine built = scenario.Outside(null, () => machine.Build(parsed, script));
            var runner = new ScriptRunner(script, built);
            scenario.RunThrough(runner, line ?? int.MaxValue);
            var view = new View(built, scenario, line, ProcessOf(built, parsed.GetValue(process)), AddressOf(parsed.GetValue(va)));
            return scenario.Outside(runner, () => parsed.GetValue(json) ? WriteJson(context.Output, view)
                : parsed.GetValue(tlb) ? WriteTlb(context.Output, view)
                : Draw(context.Output, view, parsed.GetValue(frames)));
        });
        return command;
    }

    private static VirtualAddress? AddressOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        ReadOnlySpan<char> digits = isHex ? text.AsSpan(2) : text;
        NumberStyles style = isHex ? NumberStyles.HexNumber : NumberStyles.None;
        return ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong value)
            ? new VirtualAddress(value)
            : throw new UsageException($"--va {text}: not an address; decimal or 0x hexadecimal");
    }

    private static Process? ProcessOf(KernelScriptMachine machine, string? name) =>
        name is null ? machine.Kernel.Processes is [var oldest, ..] ? oldest : null
        : machine.Processes.GetValueOrDefault(name) is { IsAlive: true } named ? named
        : throw Choices.Unknown("--process", name, machine.Kernel.Processes.Select(static living => living.Name));

    private static int WriteTlb(TextWriter output, View view)
    {
        TlbPictures.Write(output, view.Machine.Kernel.Vm.Machine);
        return Application.Success;
    }

    private static int WriteJson(TextWriter output, View view)
    {
        VmSystem vm = view.Machine.Kernel.Vm;
        JsonObject document = JsonDocumentWriter.Start("show", view.Scenario.Sha256);
        document["line"] = view.Line;
        document["process"] = view.Process?.Name;
        document["processes"] = new JsonArray([.. view.Machine.Kernel.Processes.Select(static each => (JsonNode)each.Name)]);
        document["objects"] = ShowJson.Objects(vm);
        document["frames"] = ShowJson.Frames(vm.Pages);
        document["tlbs"] = TlbPictures.Json(vm.Machine);
        if (view.Process is { } process)
        {
            Mmu? tables = process.Space.Pmap.CreateView();
            document["map"] = ShowJson.Map(process.Space.Map);
            document["tables"] = ShowJson.Tables(tables);
            if (view.Va is { } address)
            {
                document["walk"] = ShowJson.Walk(tables, process, address);
            }
        }

        output.WriteLine(JsonDocumentWriter.Text(document));
        return Application.Success;
    }

    private static int Draw(TextWriter output, View view, bool frames)
    {
        Kernel kernel = view.Machine.Kernel;
        string when = view.Line is null ? "at the end" : $"after line {view.Line}";
        string head = $"{PlainText.Line(view.Scenario.Script.FileName)} {when}";
        if (view.Process is not { } process)
        {
            output.WriteLine($"{head}: no process is left");
            return Application.Success;
        }

        output.WriteLine($"{head}: process {process.Name} of {string.Join(", ", kernel.Processes.Select(static each => each.Name))}");
        output.WriteLine();
        StatePictures.WriteMap(output, process);
        StatePictures.WriteLayers(output, kernel.Vm);
        StatePictures.WriteQueues(output, kernel.Vm, frames);
        TlbPictures.Write(output, kernel.Vm.Machine);
        Mmu? tables = process.Space.Pmap.CreateView();
        if (view.Va is { } address)
        {
            TablePictures.WriteWalk(output, tables, process, address);
        }
        else
        {
            TablePictures.WriteTables(output, tables);
        }

        return Application.Success;
    }

    private sealed record View(KernelScriptMachine Machine, Scenario Scenario, int? Line, Process? Process, VirtualAddress? Va);
}
