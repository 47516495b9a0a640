namespace BsdVm.Script.Tests;

/// <summary>
/// Whatever the arguments (addresses and lengths up to 2^64, alignment or none, offsets past any end): every operation has a result, and
/// no rule is broken.
/// </summary>
public class AnyArgumentTests
{
    [Theory]
    [InlineData(false, "x86-4level", "shadow")]
    [InlineData(false, "x86-2level", "amap")]
    [InlineData(true, "x86-4level", "amap")]
    public void Every_operation_has_a_result(bool linux, string pmap, string layer)
    {
        ModelRun model = new(linux, pmap, Layer: layer);
        PropertyCheck.Holds(
            FsCheck.Fluent.Arb.ToArbitrary(OperationGen.Scripts),
            operations =>
            {
                string text = VmScript.ToText("any", new MachineOptions(), [.. OperationGen.Preamble, .. operations]);
                VmScript script = Scenarios.Parse(text);
                KernelScriptMachine machine = model.Build(script.Machine);
                foreach (ScriptOperation operation in script.Operations)
                {
                    try
                    {
                        machine.Execute(operation);
                    }
                    catch (Exception failure)
                    {
                        throw new Xunit.Sdk.XunitException($"line {operation.Line}: {failure}\nReplay with:\n{text}");
                    }
                }
            },
            count: 100);
    }
}
