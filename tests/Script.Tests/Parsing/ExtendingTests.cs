using System.Reflection;

namespace BsdVm.Script.Tests;

/// <summary>docs/extending.md shows an operation as it is.</summary>
public class ExtendingTests
{
    [Fact]
    public void The_documentation_shows_the_operation_of_the_sources()
    {
        string code = Resource("MincoreOperation.cs").Trim();
        Assert.Contains("```csharp\n" + code + "\n```", Resource("extending.md"), StringComparison.Ordinal);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
