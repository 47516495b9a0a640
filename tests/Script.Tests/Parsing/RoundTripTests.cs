using System.Text;
using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>Laws over all scripts: printing and reading are inverses, and no bytes whatever make the parser throw.</summary>
public class RoundTripTests
{
    private static readonly byte[] Good =
        Encoding.UTF8.GetBytes(string.Concat(Scenarios.All.Select(static name => Scenarios.Read(name).ToText())));

    public static TheoryData<string> AllScenarios => [.. Scenarios.All];

    [Theory]
    [MemberData(nameof(AllScenarios))]
    public void Every_scenario_parses_and_survives_printing(string file)
    {
        VmScript script = Scenarios.Read(file);
        VmScript again = Scenarios.Parse(script.ToText());
        Assert.NotEmpty(script.Operations);
        Assert.Equal(
            script.Operations.Select(operation => operation with { Column = 0 }),
            again.Operations.Select(operation => operation with { Column = 0 }));
    }

    public static Arbitrary<ScriptOperation[]> Scripts => OperationGen.Scripts.ToArbitrary();

    [Property(500, Arbitrary = [typeof(RoundTripTests)])]
    public void Printing_a_script_and_reading_it_again_gives_the_same(ScriptOperation[] operations)
    {
        string text = VmScript.ToText("g", new MachineOptions(), [.. OperationGen.Preamble, .. operations]);
        VmScript script = Scenarios.Parse(text);
        Assert.Equal(operations, script.Operations.Skip(OperationGen.Preamble.Length).Select(Bare));
        Assert.Equal(text, script.ToText());
    }

    [Property(1000)]
    public void Random_bytes_never_throw(byte[] bytes) => ReadWhateverItIs(bytes);

    [Property(2000)]
    public void Damaged_scripts_never_throw(uint start, byte length, byte place, byte value) =>
        ReadWhateverItIs(Damage((int)(start * 7919UL % (ulong)Good.Length), 2 * length, 2 * place, value));

    // A part of all our scenarios with one byte changed.
    private static byte[] Damage(int start, int length, int place, byte value)
    {
        byte[] cut = Good.AsSpan(start, Math.Min(length, Good.Length - start)).ToArray();
        if (cut.Length > 0)
        {
            cut[place % cut.Length] = value;
        }

        return cut;
    }

    private static void ReadWhateverItIs(byte[] bytes)
    {
        if (VmScript.TryParse("bytes", bytes, out VmScript? script, out ScriptError? error))
        {
            Assert.NotNull(script);
        }
        else
        {
            Assert.InRange(error.Line, 1, bytes.Length + 1);
            Assert.InRange(error.Column, 1, bytes.Length + 1);
            Assert.DoesNotContain('\n', error.ToString());
        }
    }

    private static ScriptOperation Bare(ScriptOperation operation) => operation with { Line = 0, Column = 0 };
}
