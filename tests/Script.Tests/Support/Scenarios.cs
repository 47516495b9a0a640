using System.Text;
using BsdVm.Posix;

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
    public static IEnumerable<string> Own => All.Where(file => !IsIn("linux/", file) && !IsIn("history/", file));

    /// <summary>Those that fail where a bug that a kernel once had is made again.</summary>
    public static IEnumerable<string> History => All.Where(file => IsIn("history/", file));

    /// <summary>Each file with each system that it holds for: true for Linux.</summary>
    public static TheoryData<string, bool> WithSystems(IEnumerable<string> files)
    {
        TheoryData<string, bool> data = [];
        foreach (string file in files)
        {
            OperatingSystemKind? os = Read(file).Machine.Os;
            foreach (bool linux in new[] { false, true }.Where(linux => os is null || os == OperatingSystemKind.Linux == linux))
            {
                data.Add(file, linux);
            }
        }

        return data;
    }

    public static VmScript Read(string relative) => Parse(File.ReadAllBytes(Path.Combine(Root, relative)), relative);

    public static VmScript Parse(string text) => Parse(Encoding.UTF8.GetBytes(text), "test.vms");

    public static string ErrorOf(string text)
    {
        bool ok = VmScript.TryParse("t", Encoding.UTF8.GetBytes(text), out _, out ScriptError? error, PmapProblem);
        return ok ? "no error" : error!.ToString();
    }

    // What whoever makes backends would say: two of them, of which one takes a parameter.
    private static string? PmapProblem(string name) => name switch
    {
        "x86-2level" or "x86-4level" or "x86-4level:8" => null,
        _ => $"no pmap is called {name}",
    };

    private static bool IsIn(string folder, string file) => file.StartsWith(folder, StringComparison.Ordinal);

    private static VmScript Parse(byte[] bytes, string name)
    {
        Assert.True(VmScript.TryParse(name, bytes, out VmScript? script, out ScriptError? error), error?.ToString());
        return script!;
    }
}
