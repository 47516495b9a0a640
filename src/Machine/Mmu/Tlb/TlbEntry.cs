namespace BsdVm;

/// <summary>One translation as it stands in a TLB.</summary>
/// <param name="Page">The virtual page's first address.</param>
/// <param name="Tag">The address-space tag it was filled under; 0 for a global translation, which matches under any tag.</param>
/// <param name="Translation">Physical page and <see cref="TlbFlags"/>.</param>
public readonly record struct TlbEntry(VirtualAddress Page, uint Tag, ulong Translation);
