using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace BsdVm.Architecture.Tests;

/// <summary>The repository that these tests were compiled in: its projects, its sources, its documents.</summary>
internal static class Repository
{
    private static readonly string[] CodeFolders = ["src", "tests", "bench"];

    /// <summary>The folder of BsdVm.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>The file of every project.</summary>
    public static IEnumerable<string> Projects =>
        CodeFolders.SelectMany(static folder => Files(folder, "*.csproj"));

    /// <summary>The projects that users get: the libraries and the program.</summary>
    public static IEnumerable<string> Libraries =>
        Projects.Where(static project => Relative(project).StartsWith("src/", StringComparison.Ordinal));

    /// <summary>Every source file that somebody wrote.</summary>
    public static IEnumerable<string> Sources =>
        CodeFolders.SelectMany(static folder => Files(folder, "*.cs"))
            .Where(static path => !Relative(path).Contains("/obj/", StringComparison.Ordinal));

    /// <summary>Every page of the documentation.</summary>
    public static IEnumerable<string> Documents =>
        Directory.EnumerateFiles(Root, "*.md").Concat(Files("docs", "*.md"));

    /// <summary>A path as it is written in the repository.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>The name of the assembly that a project makes.</summary>
    public static string AssemblyName(string project)
    {
        string? own = XDocument.Load(project).Descendants("AssemblyName").FirstOrDefault()?.Value;
        return own ?? $"BsdVm.{Path.GetFileNameWithoutExtension(project)}";
    }

    /// <summary>The assembly that a project made, built as these tests were.</summary>
    public static string AssemblyFile(string project)
    {
        // artifacts/bin/PROJECT/CONFIGURATION/ASSEMBLY.dll
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.GetFileNameWithoutExtension(project);
        return Path.Combine(Root, "artifacts", "bin", folder, configuration, AssemblyName(project) + ".dll");
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories);

    private static string Find([CallerFilePath] string from = "")
    {
        // A deterministic build writes "/_/" for the folder of the checkout; the assembly stands below it, in artifacts.
        string? start = File.Exists(from) ? Path.GetDirectoryName(from) : AppContext.BaseDirectory;
        while (start is not null && !File.Exists(Path.Combine(start, "BsdVm.sln")))
        {
            start = Path.GetDirectoryName(start);
        }

        return start ?? throw new InvalidOperationException("These tests read the repository: run them where BsdVm.sln stands above them.");
    }
}
