namespace BsdVm.Architecture.Tests;

/// <summary>What breaks a rule, told in full: whoever sees it needs the whole list.</summary>
internal static class Offenders
{
    /// <summary>Fails with one line for each, unless there are none.</summary>
    public static void AreNone(IEnumerable<string> offenders)
    {
        string[] all = [.. offenders];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
