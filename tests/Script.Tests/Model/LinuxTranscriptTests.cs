namespace BsdVm.Script.Tests;

/// <summary>The transcripts of a real Linux kernel, row by row.</summary>
public class LinuxTranscriptTests
{
    public static TheoryData<string> Scripts =>
        [.. Scenarios.All.Where(static file => file.StartsWith("linux/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_model_gives_the_kernels_transcript(string file)
    {
        ScriptRunner runner = new ModelRun(Linux: true).Run(Scenarios.Read(file), coalesce: false);
        string expected = File.ReadAllText(Path.Combine(Scenarios.Root, Path.ChangeExtension(file, ".out"))).TrimEnd('\n');
        Assert.Equal(expected, string.Join('\n', runner.Transcript));
    }
}
