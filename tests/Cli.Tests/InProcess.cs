using System.Text.Json;

namespace BsdVm.Cli.Tests;

/// <summary>The command line without a process of its own: quick, and all that does not touch the terminal is the same.</summary>
internal static class InProcess
{
    /// <summary>Runs a command.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Application.Run(args, output, error, new Terminal(isErrorRedirected: true));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that succeeds and prints a JSON document.</summary>
    public static JsonElement Json(params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Equal((0, ""), (code, error));
        return JsonDocument.Parse(output).RootElement;
    }
}
