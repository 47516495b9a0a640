using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>Laws over all scripts: printing and reading are inverses, and no bytes whatever make the parser throw.</summary>
public class RoundTripTests
{
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

    [Fact]
    public void Printing_a_script_and_reading_it_again_gives_the_same() =>
        PropertyCheck.Holds(
            OperationGen.Scripts.ToArbitrary(),
            operations =>
            {
                string text = VmScript.ToText("g", new MachineOptions(), [.. OperationGen.Preamble, .. operations]);
                VmScript script = Scenarios.Parse(text);
                Assert.Equal(operations, script.Operations.Skip(OperationGen.Preamble.Length).Select(Bare));
                Assert.Equal(text, script.ToText());
            },
            count: 500);

    [Fact]
    public void Random_bytes_never_throw() =>
        PropertyCheck.Holds(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(), ReadWhateverItIs, count: 1000);

    [Fact]
    public void Damaged_scripts_never_throw()
    {
        byte[] good = Encoding.UTF8.GetBytes(string.Concat(Scenarios.All.Select(name => Scenarios.Read(name).ToText())));
        Gen<byte[]> damaged =
            from start in Gen.Choose(0, good.Length - 1)
            from length in Gen.Choose(0, 400)
            from place in Gen.Choose(0, 400)
            from value in Gen.Choose(0, 255)
            select Damage(good, start, length, place, (byte)value);
        PropertyCheck.Holds(damaged.ToArbitrary(), ReadWhateverItIs, count: 2000);
    }

    private static byte[] Damage(byte[] good, int start, int length, int place, byte value)
    {
        byte[] cut = good.AsSpan(start, Math.Min(length, good.Length - start)).ToArray();
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
