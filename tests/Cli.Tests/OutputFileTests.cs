namespace BsdVm.Cli.Tests;

/// <summary>Files that the program writes: whole or not at all, and never in place of an input or of what is no file.</summary>
public sealed class OutputFileTests : IDisposable
{
    private const string Trace = "I  04001234,3\n S 1fff000558,8\n";

    private readonly TestFolder _folder = new();

    public OutputFileTests() => _folder.Write("t", Trace);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("$B convert t t", "is the input")]
    [InlineData("$B convert t ./t", "same file as the input t")]
    [InlineData("ln t hard; $B convert t hard", "same file as the input t")]
    [InlineData("ln -s t soft; $B convert t soft", "same file as the input t")]
    [InlineData("ln -s t soft; $B convert soft t", "same file as the input soft")]
    [InlineData("$B compare t --out t", "is the input")]
    [InlineData("$B compare t --maps t --out t", "is the input")]
    [InlineData("$B compare t --out ''", "is empty")]
    [InlineData("$B convert t .", "is a directory")]
    [InlineData("mkfifo f; $B convert t f", "is a pipe")]
    [InlineData("$B compare t --out /dev/full", "No space left")]
    [InlineData("$B convert t missing/x", "folder does not exist")]
    public void What_must_not_be_written_is_refused(string line, string expected)
    {
        (int code, string output, string error) = ProgramRun.Shell(line, _folder.Path);
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(Trace, File.ReadAllText(_folder["t"]));
        Assert.Equal(FileKind.CharacterDevice, FileIdentity.Of("/dev/full")!.Kind);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.part"));
    }

    [Fact]
    public void The_target_of_a_symlink_is_written()
    {
        (int code, _, string error) = ProgramRun.Shell(
            "echo old > there; ln -s there a; ln -s new b; $B convert t a && $B convert t b && test -L a -a -L b", _folder.Path);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(File.ReadAllBytes(_folder["there"]), File.ReadAllBytes(_folder["new"]));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.part"));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_leaves_nothing_half_written(string signal, int expected)
    {
        // The pipe never ends, so that the conversion is under way when the signal comes.
        string line = "mkfifo in; (echo 'I  04001234,3'; exec sleep 20) > in & W=$!; env --default-signal=INT $B convert in out & P=$!; "
            + "for i in $(seq 100); do ls -a | grep -q part && break; sleep 0.1; done; ls -a | grep -c part; "
            + $"kill -{signal} $P; wait $P; C=$?; kill $W; exit $C";
        (int code, string output, _) = ProgramRun.Shell(line, _folder.Path);
        Assert.Equal((expected, "1\n"), (code, output));
        Assert.Equal(["in", "t"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("memory.bin")]
    [InlineData("machine.json")]
    [InlineData("queries.jsonl")]
    public void A_dump_does_not_replace_the_scenario(string name)
    {
        (int code, _, string error) = ProgramRun.Shell(
            $"echo 'p1: mmap 0x10000000 1p rw- private anon' > {name}; $B run {name} --dump .", _folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("same file as the input", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bytes_that_are_told_were_written()
    {
        (int code, string output, string _) =
            ProgramRun.Shell("$B convert t there; stat -c %s there; $B convert t /dev/null", _folder.Path);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal((0, $"there: 2 accesses, 0 calls, {lines[1]} bytes"), (code, lines[0]));
        Assert.Equal($"/dev/null: 2 accesses, 0 calls, {lines[1]} bytes", lines[2]);
    }
}
