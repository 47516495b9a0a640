using System.Diagnostics;

namespace BsdVm.Cli.Tests;

/// <summary>The built program as a process of its own: what its user sees.</summary>
internal static class ProgramRun
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "bsdvm.dll");

    /// <summary>Runs it; one that hangs fails by name.</summary>
    public static (int Code, string Output, string Error) Of(params string[] args) => Finish(Start("dotnet", [Program, .. args]));

    /// <summary>Runs a line of the shell in which <c>$B</c> is the program.</summary>
    public static (int Code, string Output, string Error) Shell(string line, string folder) =>
        Finish(Start("/bin/sh", ["-c", $"cd '{folder}'; B='dotnet {Program}'; {line}"]));

    private static Process Start(string file, IEnumerable<string> args) =>
        Process.Start(new ProcessStartInfo(file, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static (int Code, string Output, string Error) Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail("The program hangs.");
            }

            return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }
}
