namespace BsdVm.Script.Tests;

public class TranscriptTextTests
{
    [Fact]
    public void Rows_that_print_alike_are_merged_and_counted_anew()
    {
        string[] lines =
        [
            "1 ok", "2 4", "  10000000-10001000 rw- private anon", "  10001000-10002000 rw- private anon",
            "  10002000-10003000 r-- shared file:f@0x0", "  10003000-10004000 r-- shared file:f@0x1000", "3 2",
            "  10000000-10001000 rw- shared anon", "  10001000-10002000 rw- shared anon", "4 0x10000000",
        ];
        Assert.Equal(
            "1 ok\n2 2\n  10000000-10002000 rw- private anon\n  10002000-10004000 r-- shared file:f@0x0\n"
            + "3 2\n  10000000-10001000 rw- shared anon\n  10001000-10002000 rw- shared anon\n4 0x10000000",
            TranscriptText.Coalesce(lines));
    }

    [Fact]
    public void Coalescing_changes_only_counts_and_rows_of_the_kernels_transcripts()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Scenarios.Root, "linux"), "*.out"))
        {
            string[] lines = File.ReadAllLines(file);
            string once = TranscriptText.Coalesce(lines);
            Assert.Equal(once, TranscriptText.Coalesce(once.Split('\n')));
            Assert.Equal(lines.Count(line => line[0] != ' '), once.Split('\n').Count(line => line[0] != ' '));
        }
    }
}
