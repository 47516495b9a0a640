namespace BsdVm.Cli.Tests;

/// <summary>What <c>compare</c> refuses.</summary>
public sealed class CompareInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"entryReferenceCycles":1e400}""", "entryReferenceCycles is 1e400")]
    [InlineData("""{"entryReferenceCycles":-5}""", "entryReferenceCycles is -5")]
    [InlineData("""{"walkCycles":"5"}""", "walkCycles is \"5\"")]
    [InlineData("""{"name":"\u001b[31mred"}""", "name has a control character")]
    [InlineData("""{"\u001b[31m":5}""", "?[31m is no key")]
    public void A_wrong_price_is_named_in_one_line(string prices, string expected)
    {
        string file = _folder.Write("cost.json", prices);
        foreach (string format in (string[])["text", "csv", "json"])
        {
            (int code, string output, string error) = InProcess.Run(
                "compare", "--workload", "loop:pages=4,refs=10", "--cost", file, "--format", format);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("cost.json", error, StringComparison.Ordinal);
            Assert.Contains(expected, error, StringComparison.Ordinal);
            Assert.DoesNotContain(error.TrimEnd('\n'), char.IsControl);
        }
    }

    [Fact]
    public void Maps_go_once_with_each_trace()
    {
        string log = _folder.Write("log", "I  04001000,3\n");
        string maps = _folder.Write("maps", "04000000-04002000 r-xp 00000000 00:00 0\n");
        (int code, string _, string error) = InProcess.Run("compare", log, log, "--maps", maps);
        Assert.Equal(2, code);
        Assert.Contains("--maps goes once with each TRACE: 1 for 2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_with_the_programs_output_tells_the_line_and_the_option()
    {
        (int code, string _, string error) = InProcess.Run("compare", _folder.Write("log", "==1== Lackey\nhello\nI  04001000,3\n"));
        Assert.Equal(2, code);
        Assert.Contains("line 2", error, StringComparison.Ordinal);
        Assert.Contains("--log-file", error, StringComparison.Ordinal);
    }
}
