using System.Text.Json.Nodes;

namespace BsdVm.Views.Tests;

/// <summary>Compares what views write with what a test expects.</summary>
internal static class Shown
{
    public static void Is(string expected, Action<TextWriter> write)
    {
        using var output = new StringWriter { NewLine = "\n" };
        write(output);
        Assert.Equal(expected.ReplaceLineEndings("\n"), output.ToString());
    }

    /// <summary>Line ends in the expected JSON are there for the reader alone.</summary>
    public static void Is(string expected, JsonNode node) =>
        Assert.Equal(expected.ReplaceLineEndings(""), node.ToJsonString());
}
