using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>
/// Whatever the arguments (addresses and lengths up to 2^64, alignment or none, offsets past any end): every operation has a result, and
/// no rule is broken.
/// </summary>
public class AnyArgumentTests
{
    public static Arbitrary<ScriptOperation[]> Scripts => OperationGen.Scripts.ToArbitrary();

    public static Arbitrary<ModelRun> Models => Gen.Elements(
        new ModelRun(Linux: false, Layer: "shadow"), new ModelRun(Linux: false, "x86-2level", Layer: "amap"), new ModelRun(Linux: true))
        .ToArbitrary();

    [Property(300, Arbitrary = [typeof(AnyArgumentTests)])]
    public void Every_operation_has_a_result(ScriptOperation[] operations, ModelRun model)
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
    }
}
