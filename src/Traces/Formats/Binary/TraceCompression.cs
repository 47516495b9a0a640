namespace BsdVm.Traces;

/// <summary>Whether the compact form is compressed once more.</summary>
public enum TraceCompression
{
    /// <summary>It is not: one to three bytes an access, fastest to read.</summary>
    None = 0,

    /// <summary>By Brotli: several times smaller, slower to read.</summary>
    Brotli = 1,
}
