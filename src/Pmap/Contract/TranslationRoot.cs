using System.Collections.Immutable;

namespace BsdVm;

/// <summary>The registers that make a processor translate by one pmap's tables, in the terms of the machine's manual.</summary>
/// <param name="Architecture">The machine: <c>ia32</c>, <c>pae</c>, <c>amd64</c>, <c>armv7</c>, <c>mips</c>.</param>
/// <param name="Registers">Registers and control bits by lower-case name: <c>cr3</c>, <c>wp</c>, <c>ttbr0</c>, <c>dacr</c>.</param>
/// <param name="Tlb">On machines whose TLB software fills, the entries that it would load; else empty.</param>
public sealed record TranslationRoot(
    string Architecture, ImmutableArray<KeyValuePair<string, ulong>> Registers, ImmutableArray<TlbEntryImage> Tlb)
{
    /// <summary>A machine with tables that hardware walks.</summary>
    public TranslationRoot(string architecture, params ReadOnlySpan<(string Name, ulong Value)> registers)
        : this(architecture, Pairs(registers), [])
    {
    }

    private static ImmutableArray<KeyValuePair<string, ulong>> Pairs(ReadOnlySpan<(string Name, ulong Value)> registers)
    {
        var pairs = ImmutableArray.CreateBuilder<KeyValuePair<string, ulong>>(registers.Length);
        foreach ((string name, ulong value) in registers)
        {
            pairs.Add(new(name, value));
        }

        return pairs.MoveToImmutable();
    }
}

/// <summary>One entry of a MIPS TLB as the registers of <c>TLBWI</c> hold it.</summary>
/// <param name="PageMask">The PageMask register.</param>
/// <param name="EntryHi">The EntryHi register: VPN2 and ASID.</param>
/// <param name="EntryLo0">The even page.</param>
/// <param name="EntryLo1">The odd page.</param>
public readonly record struct TlbEntryImage(ulong PageMask, ulong EntryHi, ulong EntryLo0, ulong EntryLo1);
