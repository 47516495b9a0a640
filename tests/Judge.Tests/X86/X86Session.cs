using BsdVm.X86;

namespace BsdVm.Judge;

/// <summary>Trials of one x86 format on one emulated processor.</summary>
internal sealed class X86Session<TFormat> : IDisposable
    where TFormat : struct, IX86Format
{
    private readonly X86Emulator _emulator = new(TFormat.Architecture);

    public Findings Findings { get; } = new();

    public void Dispose() => _emulator.Dispose();

    public void Try(
        PhysicalMemory memory, X86Registers registers, IReadOnlyCollection<PageFrameNumber> tables, IEnumerable<Access> accesses)
    {
        var mmu = new X86Mmu<TFormat>(memory) { Registers = registers };
        var known = new X86Differences(TFormat.Architecture, registers);
        ulong cr0 = 0x8000_0011 | (registers.Wp ? 1UL << 16 : 0);
        ulong cr4 = (registers.Pse ? 1UL << 4 : 0) | (TFormat.EntryShift == 3 ? 1UL << 5 : 0) | (UsesKeys(registers) ? 1UL << 22 : 0);
        ulong efer = (registers.Nxe && TFormat.HasExecuteDisable ? 1UL << 11 : 0) | (TFormat.Levels == 4 ? 1UL << 8 : 0);
        new Trial(_emulator, memory, mmu, known).Run(
            TFormat.RootOf(registers.Cr3).Value, tables, [registers.Cr3, cr0, cr4, efer, registers.Pkru], accesses, Findings);
    }

    private static bool UsesKeys(in X86Registers registers) => TFormat.HasProtectionKeys && registers.Pke;
}
