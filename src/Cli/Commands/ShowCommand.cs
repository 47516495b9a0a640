using System.CommandLine;
using System.Globalization;
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
        var worked = new Option<string?>("--worked") { Description = "A worked example instead of a scenario: A3, A4 or A5" };
        var machine = new KernelFactory();
        var command = new Command("show", "Draws maps, object chains, queues, page tables and walks.\nExample: bsdvm show scenarios/fork/copy-on-write-both-ways.vms --at 5 --va 0x10000000")
        {
            file, at, process, va, frames, worked,
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

            KernelScriptMachine built = machine.Build(parsed, script);
            scenario.RunThrough(new ScriptRunner(script, built), line ?? int.MaxValue);
            return Draw(context.Output, built, script, line, parsed.GetValue(process), AddressOf(parsed.GetValue(va)), parsed.GetValue(frames));
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
        return ulong.TryParse(isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? new VirtualAddress(value)
            : throw new UsageException($"--va {text}: not an address; decimal or 0x hexadecimal");
    }

    private static int Draw(
        TextWriter output, KernelScriptMachine machine, VmScript script, int? line, string? processName, VirtualAddress? va, bool frames)
    {
        Process? process = processName is null
            ? machine.Kernel.Processes is [var oldest, ..] ? oldest : null
            : machine.Processes.GetValueOrDefault(processName) is { IsAlive: true } named ? named
            : throw Choices.Unknown("--process", processName, machine.Kernel.Processes.Select(static living => living.Name));
        string when = line is null ? "at the end" : $"after line {line}";
        if (process is null)
        {
            output.WriteLine($"{PlainText.Line(script.FileName)} {when}: no process is left");
            return Application.Success;
        }

        output.WriteLine($"{PlainText.Line(script.FileName)} {when}: process {process.Name} of {string.Join(", ", machine.Kernel.Processes.Select(static each => each.Name))}");
        output.WriteLine();
        StatePictures.WriteMap(output, process);
        StatePictures.WriteLayers(output, machine.Kernel.Vm);
        StatePictures.WriteQueues(output, machine.Kernel.Vm, frames);
        Mmu? view = process.Space.Pmap.CreateView();
        if (va is { } address)
        {
            TablePictures.WriteWalk(output, view, process, address);
        }
        else
        {
            TablePictures.WriteTables(output, view);
        }

        return Application.Success;
    }
}
