using System.Text.RegularExpressions;

namespace BsdVm.Architecture.Tests;

/// <summary>
/// What is public is for somebody: each public type is used by another assembly, or a page of the documentation names it.
/// </summary>
public partial class PublicTypeTests
{
    [Fact]
    public void Every_public_type_is_used_elsewhere_or_documented()
    {
        HashSet<string> used = [.. Repository.Projects.SelectMany(static project => AssemblyFile.Of(project).UsedTypes)];
        HashSet<string> named = [.. Repository.Documents.SelectMany(static path => Words(File.ReadAllText(path)))];
        string[] types = [.. Repository.Libraries.SelectMany(static project => AssemblyFile.Of(project).PublicTypes)];
        Assert.Contains("BsdVm.VmSystem", types);
        Offenders.AreNone(types.Where(name => !used.Contains(name) && !named.Contains(PlainName(name))));
    }

    // "BsdVm.WalkerMmu`1" is WalkerMmu for a reader.
    private static string PlainName(string name) => name.Split('.', '+')[^1].Split('`')[0];

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(static word => word.Value);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
