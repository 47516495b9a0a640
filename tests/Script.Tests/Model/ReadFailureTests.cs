namespace BsdVm.Script.Tests;

/// <summary>
/// The n-th page that a file's pager reads fails, for every n and either file: the process that faulted gets SIGBUS (a fork that had to copy
/// the page now says ENOMEM), nothing else has changed, and the same operation succeeds when it is tried again.
/// </summary>
public class ReadFailureTests
{
    // A page of the first file is mapped and read first, so that every script has a read that can fail.
    private static readonly Throw[] Prelude = [new(Kind: 0, Process: 0, Page: 0, Count: 1, Detail: 3), new(Kind: 90, Process: 0, Page: 0, Count: 1, Detail: 0)];

    [Theory]
    [InlineData(false, "shadow")]
    [InlineData(false, "amap")]
    [InlineData(true, "amap")]
    public void Failing_any_read_of_a_file_ends_one_access_only(bool linux, string layer)
    {
        int failures = 0;
        PropertyCheck.Holds(
            RandomScript.Arbitrary(30),
            throws =>
            {
                string text = RandomScript.Text([.. Prelude, .. throws], linux);
                VmScript script = Scenarios.Parse(text);
                foreach (string file in script.Operations.OfType<FileCreateOperation>().Select(static create => create.File))
                {
                    for (long read = 1; RunFailing(text, script, new ModelRun(linux, Layer: layer), file, read); read++)
                    {
                        failures++;
                    }
                }
            },
            count: 4);
        Assert.True(failures >= 4, $"Only {failures} reads failed.");
    }

    // False once the script reads fewer pages of the file.
    private static bool RunFailing(string text, VmScript script, ModelRun model, string file, long read)
    {
        KernelScriptMachine machine = model.Build(script.Machine);
        var plain = new PlainMachine(script.Machine, model.Linux);
        FailingPager? pager = null;
        foreach (ScriptOperation operation in script.Operations)
        {
            long before = pager?.ReadCount ?? 0;
            ScriptResult seen = machine.Execute(operation);
            if (before < read && pager?.ReadCount >= read)
            {
                string expected = operation is ForkOperation ? "ENOMEM" : "SIGBUS";
                Assert.True(seen == ScriptResult.Named(expected), $"line {operation.Line}: {seen}\nReplay with:\n{text}");
                seen = machine.Execute(operation);
            }

            Assert.True(Text(plain.Execute(operation)) == Text(seen), $"line {operation.Line}: {Text(seen)} after a failed read\nReplay with:\n{text}");
            if (operation is FileCreateOperation create && create.File == file)
            {
                Vnode vnode = machine.Kernel.Vm.Objects.All.Single(each => each.Vnode?.Name == file).Vnode!;
                pager = vnode.DecoratePager(inner => new FailingPager(inner) { FailRead = read });
            }
        }

        return pager!.ReadCount >= read;
    }

    private static string Text(ScriptResult result) =>
        (result is RowsResult rows ? new RowsResult(MapRow.Coalesce(rows.Rows)) : result).ToTranscriptText();
}
