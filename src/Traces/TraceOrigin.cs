namespace BsdVm.Traces;

/// <summary>What a trace in the compact form was made from.</summary>
/// <param name="Source">The name of the file it was made from, without folders.</param>
/// <param name="Format">The format of that file.</param>
/// <param name="Sha256">The SHA-256 of that file, 64 lower-case hexadecimal digits.</param>
/// <param name="Note">What the maker of the file wanted to tell, possibly empty.</param>
public sealed record TraceOrigin(string Source, TraceFormat Format, string Sha256, string Note);
