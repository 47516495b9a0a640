namespace BsdVm.Architecture.Tests;

/// <summary>
/// Who may know whom, read from the assemblies themselves: each layer knows those below it only, a backend knows nothing but the contract,
/// the machine and the structures, which are there for all backends, and the command line alone knows backends.
/// </summary>
public class AssemblyReferenceTests
{
    private const string Program = "bsdvm";
    // What the tests use; nothing that users run stands on it.
    private const string Kits = "BsdVm.Conformance";
    private const string BackendPrefix = "BsdVm.Pmap.";

    // No machine's: a backend may walk them.
    private const string Structures = "BsdVm.Pmap.Structures";

    // From the bottom up.
    private static readonly string[] Layers =
        ["BsdVm.Machine", "BsdVm.Traces", "BsdVm.Pmap", "BsdVm.Vm", "BsdVm.Views", "BsdVm.Posix", "BsdVm.Script", "BsdVm.Lab", Program];

    public static TheoryData<string> Projects => [.. Found().Select(Repository.Relative)];

    [Fact]
    public void Every_layer_and_several_backends_are_here()
    {
        string[] names = [.. Found().Select(Repository.AssemblyName)];
        Assert.InRange(names.Count(IsBackend), 3, int.MaxValue);
        Assert.Equal(Layers.Order(StringComparer.Ordinal), names.Where(static name => !IsBackend(name)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Nobody_knows_what_is_above_or_beside(string project)
    {
        string path = Path.Combine(Repository.Root, project);
        string assembly = Repository.AssemblyName(path);
        Offenders.AreNone(AssemblyFile.Of(path).References.Where(reference => !MayKnow(assembly, reference)));
    }

    [Theory]
    [InlineData("BsdVm.Vm", "BsdVm.Pmap.X86")]
    [InlineData("BsdVm.Lab", "BsdVm.Pmap.X86")]
    [InlineData("BsdVm.Pmap.X86", "BsdVm.Vm")]
    [InlineData("BsdVm.Pmap.X86", "BsdVm.Pmap.Arm")]
    [InlineData("BsdVm.Pmap.Structures", "BsdVm.Pmap.Mips")]
    [InlineData("BsdVm.Vm", "BsdVm.Pmap.Structures")]
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
            return assembly == Program || (reference == Structures && IsBackend(assembly));
        }

        // A backend stands beside Vm: above the contract, below nothing but the program.
        int own = IsBackend(assembly) ? Array.IndexOf(Layers, "BsdVm.Vm") : Array.IndexOf(Layers, assembly);
        return Array.IndexOf(Layers, reference) < own;
    }

    private static bool IsBackend(string assembly) => assembly.StartsWith(BackendPrefix, StringComparison.Ordinal);

    private static IEnumerable<string> Found() => Repository.Libraries.Where(static project => Repository.AssemblyName(project) != Kits);
}
