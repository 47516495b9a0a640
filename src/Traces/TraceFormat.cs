namespace BsdVm.Traces;

/// <summary>
/// How a trace is written. Each but <see cref="Binary"/> may also be compressed by gzip, which is recognised by its first bytes.
/// </summary>
public enum TraceFormat
{
    /// <summary>Only as a request: <see cref="Binary"/> by its first bytes, else <see cref="Lackey"/>.</summary>
    Detect = 0,

    /// <summary>The log of valgrind's lackey with <c>--trace-mem=yes</c>, possibly with <c>--trace-syscalls=yes</c>.</summary>
    Lackey = 1,

    /// <summary>This library's own compact form.</summary>
    Binary = 2,

    /// <summary>Little-endian 64-bit words: bits 63..3 the byte address, bit 0 set for a store. Each is a data access of 8 bytes.</summary>
    Words = 3,

    /// <summary>A text list of page numbers, one a line, decimal or 0x. Each is a data load of one byte.</summary>
    Pages = 4,
}
