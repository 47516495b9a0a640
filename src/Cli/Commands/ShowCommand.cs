using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using BsdVm.Posix;
using BsdVm.Script;
using BsdVm.Snapshots;

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
            "Draws maps, object chains, queues, page tables and walks.\n"
            + "Example: bsdvm show scenarios/fork/copy-on-write-both-ways.vms --at 5 --va 0x10000000")
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
            return scenario.Outside(runner, () =>
            {
                Process? shown = ProcessOf(built, parsed.GetValue(process));
                StateView view = View(built.Kernel, shown, AddressOf(parsed.GetValue(va))) with { AllFrames = parsed.GetValue(frames) };
                if (parsed.GetValue(json))
                {
                    WriteJson(context.Output, view, new(scenario, line, shown, built.Kernel));
                }
                else if (parsed.GetValue(tlb))
                {
                    TlbView.WriteText(context.Output, view.System.Cpus);
                }
                else
                {
                    WriteText(context.Output, view, new(scenario, line, shown, built.Kernel));
                }

                return Application.Success;
            });
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

    private static StateView View(Kernel kernel, Process? process, VirtualAddress? address)
    {
        VmSystemSnapshot system = kernel.Vm.Snapshot();
        return new()
        {
            System = system,
            Space = process is null ? null : system.Spaces.First(space => space.Id == process.Space.Pmap.Id),
            Address = address,
            Walk = process is not null && address is { } walked ? process.Space.Explain(walked, AccessKind.Read, PrivilegeMode.User) : null,
        };
    }

    private static void WriteJson(TextWriter output, StateView view, Moment moment)
    {
        JsonObject document = JsonDocumentWriter.Start("show", moment.Scenario.Sha256);
        document["line"] = moment.Line;
        document["process"] = moment.Process?.Name;
        document["processes"] = new JsonArray([.. moment.ProcessNames.Select(static name => (JsonNode)name)]);
        view.AddTo(document);
        output.WriteLine(JsonDocumentWriter.Text(document));
    }

    private static void WriteText(TextWriter output, StateView view, Moment moment)
    {
        string when = moment.Line is null ? "at the end" : $"after line {moment.Line}";
        string head = $"{PlainText.Line(moment.Scenario.Script.FileName)} {when}";
        if (moment.Process is not { } process)
        {
            output.WriteLine($"{head}: no process is left");
            return;
        }

        output.WriteLine($"{head}: process {process.Name} of {string.Join(", ", moment.ProcessNames)}");
        output.WriteLine();
        view.WriteText(output);
    }

    // When the state is shown, and of whom.
    private sealed record Moment(Scenario Scenario, int? Line, Process? Process, Kernel Kernel)
    {
        public IEnumerable<string> ProcessNames => Kernel.Processes.Select(static each => each.Name);
    }
}
