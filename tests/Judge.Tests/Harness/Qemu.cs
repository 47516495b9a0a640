using System.Diagnostics;

namespace BsdVm.Judge;

/// <summary>A QEMU process: one processor and nothing but memory, which is a file that the test maps as well.</summary>
internal sealed class Qemu : IDisposable
{
    private const string Packages = "apt-get install --no-install-recommends qemu-system-x86 qemu-system-arm qemu-system-mips";

    private readonly Process _process;
    private readonly StringWriter _errors = new();

    public Qemu(string program, string cpu, string memoryFile, ulong memoryBytes)
    {
        // The shell ends QEMU when its standard input closes, which it does even if the test process is killed.
        string command = "\"$@\" < /dev/null & child=$!; cat > /dev/null; kill -9 $child";
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardError = true };
        string megabytes = $"{memoryBytes >> 20}M";
        string[] arguments =
        [
            "-c", command, "judge", program, "-M", "none,memory-backend=ram", "-m", megabytes, "-cpu", cpu, "-accel", "tcg",
            "-object", $"memory-backend-file,id=ram,size={megabytes},mem-path={memoryFile},share=on",
            "-nodefaults", "-display", "none", "-serial", "none", "-monitor", "none", "-no-reboot",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The shell did not start.");
        _process.ErrorDataReceived += (_, line) =>
        {
            // A machine without clocks is worth a warning to QEMU.
            if (line.Data is { } text && !text.Contains("warning:", StringComparison.Ordinal))
            {
                lock (_errors)
                {
                    _errors.WriteLine(text);
                }
            }
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote on standard error, without warnings.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString().Trim();
            }
        }
    }

    /// <summary>
    /// Skips the test where the program is missing, and says how to install it; with CI=true, where .ci/run should have installed it, the
    /// test fails.
    /// </summary>
    public static void Require(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            return;
        }

        string sentence = $"QEMU is not installed, nothing was checked: {program} is missing; {Packages}";
        Skip.If(Environment.GetEnvironmentVariable("CI") != "true", sentence);
        throw new InvalidOperationException(sentence);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
