using System.Xml.Linq;

namespace BsdVm.Architecture.Tests;

/// <summary>
/// A project refers to what it uses: the compiler writes only used references into an assembly, so that the others can be told.
/// </summary>
public class ProjectReferenceTests
{
    public static TheoryData<string> Projects => [.. Repository.Projects.Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_that_is_referred_to_is_used(string project)
    {
        string path = Path.Combine(Repository.Root, project);
        Offenders.AreNone(Named(path).Except(AssemblyFile.Of(path).References));
    }

    [Fact]
    public void References_are_read_from_the_project_files()
    {
        string cli = Path.Combine(Repository.Root, "src", "Cli", "Cli.csproj");
        Assert.Contains("BsdVm.Lab", Named(cli));
        Assert.Contains("BsdVm.Lab", AssemblyFile.Of(cli).References);
        Assert.DoesNotContain("BsdVm.Conformance", AssemblyFile.Of(cli).References);
    }

    // The assemblies of the projects that a project file names itself. What a folder's shared file adds is no project's own.
    private static IEnumerable<string> Named(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Where(static reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(reference => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value)))
            .Select(Repository.AssemblyName);
}
