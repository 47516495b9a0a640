namespace BsdVm.Script.Tests;

/// <summary>
/// Which neighbours are one entry is the anonymous layer's with os=bsd (docs/decisions/0010-rows-are-the-layers.md); joined by what they
/// print, the rows are equal.
/// </summary>
public class EntriesByLayerTests
{
    private const string WrittenBehindUnwritten =
        """
        p1: mmap 0x10000000 4p rw- private anon
        p1: mprotect 0x10000000 3p r--
        p1: mprotect 0x10001000 2p rw-
        p1: store 0x10002000 "x"
        p1: mprotect 0x10000000 4p rw-
        p1: maps
        """;

    private const string UnwrittenBehindACopy =
        """
        p1: mmap 0x10000000 2p rw- private anon
        p1: fill 0x10000000 2p 1
        p1: fork p2
        p1: store 0x10000000 "y"
        p1: mmap 0x10002000 1p rw- private anon
        p1: maps
        """;

    [Theory]
    [InlineData(WrittenBehindUnwritten, "shadow", 2)]
    [InlineData(WrittenBehindUnwritten, "amap", 1)]
    [InlineData(UnwrittenBehindACopy, "shadow", 2)]
    [InlineData(UnwrittenBehindACopy, "amap", 1)]
    public void Entries_are_the_layers_own(string text, string layer, int rows)
    {
        VmScript script = Scenarios.Parse(text);
        var model = new ModelRun(Linux: false, Layer: layer);
        Assert.Equal(rows, RowsOf(model.Run(script, coalesce: false)));
        Assert.Equal(1, RowsOf(model.Run(script, coalesce: true)));
    }

    private static int RowsOf(ScriptRunner runner) =>
        runner.Transcript.SelectMany(static result => result.Split('\n'))
            .Count(static line => line.StartsWith("  ", StringComparison.Ordinal));
}
