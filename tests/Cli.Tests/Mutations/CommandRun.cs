using System.Text;

namespace BsdVm.Cli.Tests.Mutations;

/// <summary>A command run inside the tests, and the verdict on how it ended.</summary>
internal static class CommandRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs it and fails unless it ended as the program promises: exit code 0, 1 or 2; one line of error for 2; no control character but
    /// line ends anywhere. Exit code 3 is a bug of the model, an exception one of the program.
    /// </summary>
    public static void EndsAsPromised(string[] args, Func<string> describe)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        Task<int> run = Task.Run(() => Application.Run(args, output, error, new Terminal(isErrorRedirected: true)));
        string? problem = Problem(run, output, error);
        if (problem is not null)
        {
            Assert.Fail($"bsdvm {string.Join(' ', args)}\n{problem}\n{describe()}");
        }
    }

    /// <summary>Runs it and gives its exit code.</summary>
    public static int Code(string[] args) =>
        Application.Run(args, TextWriter.Null, TextWriter.Null, new Terminal(isErrorRedirected: true));

    /// <summary>Bytes as they can be written into a test.</summary>
    public static string Shown(byte[] input) =>
        $"base64 of the input: {Convert.ToBase64String(input)}\n{PlainText.Escape(Encoding.UTF8.GetString(input))}";

    private static string? Problem(Task<int> run, StringWriter output, StringWriter error)
    {
        try
        {
            if (!run.Wait(Limit))
            {
                return $"hangs for {Limit.TotalSeconds:0} s";
            }
        }
        catch (AggregateException e)
        {
            return e.InnerException!.ToString();
        }

        string said = error.ToString();
        bool isOneLine = said.StartsWith("bsdvm: ", StringComparison.Ordinal)
            && said.IndexOf('\n', StringComparison.Ordinal) == said.Length - 1;
        return run.Result switch
        {
            Application.Success when said.Length > 0 => $"success with an error: {said}",
            Application.DoesNotHold when said.Length == 0 => "exit code 1 without a word",
            Application.BadUsage when !isOneLine => $"exit code 2, but not one line of error: {said}",
            Application.Success or Application.DoesNotHold or Application.BadUsage => Unsafe(said) ?? Unsafe(output.ToString()),
            _ => $"exit code {run.Result}: {said}",
        };
    }

    private static string? Unsafe(string text) =>
        PlainText.IsSafe(text)
        && !text.Contains("   at BsdVm.", StringComparison.Ordinal)
        && !text.Contains("System.", StringComparison.Ordinal)
            ? null
            : $"a control character or a name of the program in: {PlainText.Escape(text)}";
}
