using System.CommandLine;
using System.Globalization;
using BsdVm.Lab;
using BsdVm.Traces;

namespace BsdVm.Cli;

/// <summary>
/// The command line. Exit codes: 0 success, 1 what was checked does not hold, 2 bad input or usage, 3 the model broke a rule of its own.
/// </summary>
internal static class Application
{
    public const int Success = 0;
    public const int DoesNotHold = 1;
    public const int BadUsage = 2;
    public const int BrokenInvariant = 3;

    /// <summary>Runs one command.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error, Terminal terminal)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var context = new Context(new PlainWriter(output), new PlainWriter(error), terminal);
        RootCommand root = Root(context);
        try
        {
            ParseResult parsed = root.Parse(args);
            CommandLineCheck.Check(parsed, root);
            int code = parsed.Invoke(new() { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false });
            output.Flush();
            return code;
        }
        catch (Exception e) when (e is UsageException or TraceFormatException or AddressTooWideException or IOException
            or UnauthorizedAccessException or InvariantViolationException or BrokenScenarioException)
        {
            terminal.ClearProgress(error);
            return Complain(context.Error, e);
        }
    }

    /// <summary>Says in one line what went wrong, and gives the exit code for it.</summary>
    public static int Complain(TextWriter error, Exception problem)
    {
        // A reader that went away early is no error of ours.
        bool isFile = problem is FileNotFoundException or DirectoryNotFoundException;
        if (problem is IOException { Message: var text } && !isFile && text.Contains("pipe", StringComparison.OrdinalIgnoreCase))
        {
            return Success;
        }

        string message = problem is UnauthorizedAccessException && !problem.Message.Contains('\'', StringComparison.Ordinal)
            ? "standard output is closed"
            : problem.Message;
        error.WriteLine("bsdvm: " + PlainText.Line(message));
        return problem is InvariantViolationException or BrokenScenarioException ? BrokenInvariant : BadUsage;
    }

    private static RootCommand Root(Context context) => new(
        """
        Virtual memory of 4.4BSD and Linux as a model: run scenarios, look inside, replay programs.
        Example: bsdvm compare
        Exit codes: 0 success; 1 what was checked does not hold; 2 bad input or usage; 3 the model broke a rule of its own (--check).
        """)
    {
        CompareCommand.Create(context),
        ConvertCommand.Create(context),
        RunCommand.Create(context),
        ShowCommand.Create(context),
        ListCommand.Create(context),
    };
}

/// <summary>Where commands write.</summary>
internal sealed record Context(TextWriter Output, TextWriter Error, Terminal Terminal);
