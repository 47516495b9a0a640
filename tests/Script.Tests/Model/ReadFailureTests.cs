using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>
/// The n-th page that a file's pager reads fails, for every n and either file: the process that faulted gets SIGBUS (a fork that had to
/// copy the page now says ENOMEM), nothing else has changed, and the same operation succeeds when it is tried again.
/// </summary>
public class ReadFailureTests
{
    // A page of the first file is mapped and read first, so that every script has a read that can fail.
    private static readonly Throw[] Prelude =
        [new(Kind: 0, Process: 0, Page: 0, Count: 1, Detail: 3), new(Kind: 90, Process: 0, Page: 0, Count: 1, Detail: 0)];

    public static Arbitrary<Throw[]> Lives => RandomScript.Arbitrary(30);

    public static Arbitrary<ModelRun> Models => Gen.Elements(
        new ModelRun(Linux: false, Layer: "shadow"), new ModelRun(Linux: false, Layer: "amap"), new ModelRun(Linux: true)).ToArbitrary();

    [Property(12, Arbitrary = [typeof(ReadFailureTests)])]
    public void Failing_any_read_of_a_file_ends_one_access_only(Throw[] throws, ModelRun model)
    {
        int failures = 0;
        string text = RandomScript.Text([.. Prelude, .. throws], model.Linux);
        VmScript script = Scenarios.Parse(text);
        foreach (string file in script.Operations.OfType<FileCreateOperation>().Select(static create => create.File))
        {
            for (long read = 1; RunFailing(text, script, model, file, read); read++)
            {
                failures++;
            }
        }

        Assert.NotEqual(0, failures);
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

            Assert.True(
                Text(plain.Execute(operation)) == Text(seen),
                $"line {operation.Line}: {Text(seen)} after a failed read\nReplay with:\n{text}");
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
