using System.Text;

namespace BsdVm.Script.Tests;

/// <summary>The scenarios of the repository, copied beside the tests.</summary>
internal static class Scenarios
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static IEnumerable<string> All =>
        Directory.EnumerateFiles(Root, "*.vms", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>Those that this project has written; the others came with transcripts of a real kernel.</summary>
    public static IEnumerable<string> Own => All.Where(file => !file.StartsWith("linux/", StringComparison.Ordinal));

    public static VmScript Read(string relative) => Parse(File.ReadAllBytes(Path.Combine(Root, relative)), relative);

    public static VmScript Parse(string text) => Parse(Encoding.UTF8.GetBytes(text), "test.vms");

    public static string ErrorOf(string text)
    {
        bool ok = VmScript.TryParse("t", Encoding.UTF8.GetBytes(text), out _, out ScriptError? error, ["x86-2level", "x86-4level"]);
        return ok ? "no error" : error!.ToString();
    }

    private static VmScript Parse(byte[] bytes, string name)
    {
        Assert.True(VmScript.TryParse(name, bytes, out VmScript? script, out ScriptError? error), error?.ToString());
        return script!;
    }
}
