namespace BsdVm.Traces;

/// <summary>
/// The recorded program that comes with the library: <c>sort -n</c> of 1 500 lines, its initial memory and all its calls included.
/// </summary>
public static class DefaultTrace
{
    /// <summary>Its name in results.</summary>
    public const string Name = "sort-1500-lines.bvt";

    /// <summary>Opens it, in the compact form.</summary>
    public static Stream Open() =>
        typeof(DefaultTrace).Assembly.GetManifestResourceStream(Name)
        ?? throw new InvalidOperationException("The library was built without its trace.");
}
