using System.CommandLine;
using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary><c>run</c>: a scenario on the model.</summary>
internal static class RunCommand
{
    public static Command Create(Context context)
    {
        var file = new Argument<string>("FILE") { Description = "The scenario" };
        var transcript = new Option<bool>("--transcript") { Description = "One line an operation, nothing else" };
        var coalesce = new Option<bool>("--coalesce") { Description = "maps joins rows that print alike" };
        var stats = new Option<bool>("--stats") { Description = "Counts at the end" };
        var json = new Option<bool>("--json") { Description = "With --stats: one JSON document" };
        var dump = new Option<string?>("--dump")
        {
            Description = "Writes memory.bin, machine.json and queries.jsonl for another MMU to check",
        };
        var machine = new KernelFactory();
        var command = new Command(
            "run",
            "Runs a scenario; exit code 1 if an assertion fails.\n"
            + "Example: bsdvm run scenarios/fork/copy-on-write-both-ways.vms --transcript")
        {
            file, transcript, coalesce, stats, json, dump,
        };
        machine.AddTo(command);
        command.SetAction(parsed => Run(
            context, parsed, machine, parsed.GetValue(file)!, parsed.GetValue(transcript), parsed.GetValue(coalesce),
            parsed.GetValue(stats), parsed.GetValue(json), parsed.GetValue(dump)));
        return command;
    }

    private static int Run(
        Context context, ParseResult parsed, KernelFactory factory, string file, bool transcript, bool coalesce, bool stats, bool json,
        string? dump)
    {
        if (transcript && (stats || json))
        {
            throw new UsageException("--transcript prints nothing else: it excludes --stats and --json");
        }

        Scenario scenario = Scenario.Read(file);
        VmScript script = scenario.Script;
        MachineDump? files = dump is null ? null : MachineDump.At(dump, file);
        KernelScriptMachine machine = scenario.Outside(null, () => factory.Build(parsed, script));
        var runner = new ScriptRunner(script, machine, coalesce);
        int printed = 0;
        do
        {
            for (; transcript && printed < runner.Transcript.Count; printed++)
            {
                context.Output.WriteLine(runner.Transcript[printed]);
            }
        }
        while (scenario.TryStep(runner));
        foreach (AssertionFailure failure in runner.Failures)
        {
            context.Error.WriteLine(PlainText.Line(failure.ToString()));
        }

        return scenario.Outside(runner, () =>
        {
            files?.Write(machine);
            if (json)
            {
                context.Output.WriteLine(JsonDocumentWriter.Text(RunStatistics.Json(machine, scenario.Sha256)));
            }
            else if (!transcript)
            {
                int checks = script.Operations.Count(static operation => operation.Expected is not null);
                string held = $"{checks - runner.Failures.Count} of {checks} assertions hold";
                context.Output.WriteLine($"{PlainText.Line(file)}: {runner.ExecutedCount} operations, {held}");
                if (stats)
                {
                    RunStatistics.Write(context.Output, machine);
                }
            }

            return runner.Failures.Count == 0 ? Application.Success : Application.DoesNotHold;
        });
    }
}
