using System.Reflection;

namespace BsdVm.Cli.Tests;

/// <summary>
/// Who may know whom, read from the assemblies themselves: each layer knows those below it only, a backend knows nothing but the contract and
/// the machine, and the command line alone knows backends.
/// </summary>
public class AssemblyReferenceTests
{
    private const string Program = "bsdvm";
    // What the tests use; nothing that users run stands on it.
    private const string Kits = "BsdVm.Conformance";
    private const string BackendPrefix = "BsdVm.Pmap.";

    // From the bottom up.
    private static readonly string[] Layers =
        ["BsdVm.Machine", "BsdVm.Traces", "BsdVm.Pmap", "BsdVm.Vm", "BsdVm.Views", "BsdVm.Posix", "BsdVm.Script", "BsdVm.Lab", Program];

    public static TheoryData<string> Ours => [.. Found()];

    [Fact]
    public void Every_layer_and_several_backends_are_here()
    {
        Assert.InRange(Found().Count(IsBackend), 3, int.MaxValue);
        Assert.Equal(Layers.Order(StringComparer.Ordinal), Found().Where(static name => !IsBackend(name)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public void Nobody_knows_what_is_above_or_beside(string assembly)
    {
        string[] references = [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(static reference => reference.Name!)];
        Assert.All(references, reference => Assert.True(MayKnow(assembly, reference), $"{assembly} knows {reference}"));
    }

    [Theory]
    [InlineData("BsdVm.Vm", "BsdVm.Pmap.X86")]
    [InlineData("BsdVm.Lab", "BsdVm.Pmap.X86")]
    [InlineData("BsdVm.Pmap.X86", "BsdVm.Vm")]
    [InlineData("BsdVm.Pmap.X86", "BsdVm.Pmap.Arm")]
    [InlineData("BsdVm.Pmap", "BsdVm.Vm")]
    [InlineData("BsdVm.Machine", "BsdVm.Pmap")]
    [InlineData("BsdVm.Vm", "BsdVm.Posix")]
    [InlineData("BsdVm.Machine", "Newtonsoft.Json")]
    [InlineData("BsdVm.Lab", "xunit.core")]
    public void The_rule_refuses(string assembly, string reference) => Assert.False(MayKnow(assembly, reference));

    private static bool MayKnow(string assembly, string reference)
    {
        bool isOurs = reference.StartsWith("BsdVm", StringComparison.Ordinal) || reference == Program;
        if (!isOurs)
        {
            return reference.StartsWith("System.", StringComparison.Ordinal) && (reference != "System.CommandLine" || assembly == Program);
        }

        if (IsBackend(reference))
        {
            return assembly == Program;
        }

        // A backend stands beside Vm: above the contract, below nothing but the program.
        int own = IsBackend(assembly) ? Array.IndexOf(Layers, "BsdVm.Vm") : Array.IndexOf(Layers, assembly);
        return Array.IndexOf(Layers, reference) < own;
    }

    private static bool IsBackend(string assembly) => assembly.StartsWith(BackendPrefix, StringComparison.Ordinal);

    private static IEnumerable<string> Found() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Where(static name => (name == Program || name.StartsWith("BsdVm.", StringComparison.Ordinal)) && !name.EndsWith(".Tests", StringComparison.Ordinal)
                && name != Kits);
}
