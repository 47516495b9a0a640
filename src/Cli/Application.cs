using System.CommandLine;
using System.Globalization;
using BsdVm.Lab;
using BsdVm.Traces;

namespace BsdVm.Cli;

/// <summary>The command line. Exit codes: 0 success, 1 what was checked does not hold, 2 bad input or usage.</summary>
internal static class Application
{
    public const int Success = 0;
    public const int DoesNotHold = 1;
    public const int BadUsage = 2;

    /// <summary>Runs one command.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error, Terminal terminal)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var context = new Context(output, error, terminal);
        var root = new RootCommand("Virtual memory of 4.4BSD and Linux as a model: run scenarios, look inside, replay programs.\nExample: bsdvm compare")
        {
            CompareCommand.Create(context),
            ConvertCommand.Create(context),
            RunCommand.Create(context),
            ShowCommand.Create(context),
            ListCommand.Create(context),
        };
        try
        {
            ParseResult parsed = root.Parse(args);
            if (parsed.Errors.Count > 0)
            {
                throw new UsageException(parsed.Errors[0].Message + $" (commands: {string.Join(", ", root.Subcommands.Select(static command => command.Name))}; see bsdvm --help)");
            }

            if (args.Length == 0)
            {
                throw new UsageException("a command is needed: " + string.Join(", ", root.Subcommands.Select(static command => command.Name)) + "; see bsdvm --help");
            }

            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is UsageException or TraceFormatException or AddressTooWideException or IOException or UnauthorizedAccessException)
        {
            terminal.ClearProgress(error);
            return Complain(error, e);
        }
    }

    private static int Complain(TextWriter error, Exception problem)
    {
        // A reader that went away early is no error of ours.
        if (problem is IOException { Message: var text } and not FileNotFoundException and not DirectoryNotFoundException && text.Contains("pipe", StringComparison.OrdinalIgnoreCase))
        {
            return Success;
        }

        error.WriteLine("bsdvm: " + problem.Message.ReplaceLineEndings(" "));
        return BadUsage;
    }
}

/// <summary>Where commands write.</summary>
internal sealed record Context(TextWriter Output, TextWriter Error, Terminal Terminal);
