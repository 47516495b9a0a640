using System.Runtime.CompilerServices;

namespace BsdVm.Walks;

/// <summary>The port of a hardware walker: counts, and remembers where tables in virtual space are.</summary>
/// <param name="memory">The memory.</param>
/// <param name="trail">What counts.</param>
/// <param name="tables">Translations of table pages.</param>
internal readonly struct WalkerPort(PhysicalMemory memory, WalkTrail trail, TablePageCache tables) : IWalkPort
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read64(PhysicalAddress address)
    {
        trail.Step(address.Value);
        return memory.Read64(address);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadAside64(PhysicalAddress address)
    {
        trail.Probe(address.Value);
        return memory.Read64(address);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadBeside64(PhysicalAddress address, PhysicalAddress entry)
    {
        trail.Beside(address.Value, entry.Value);
        return memory.Read64(address);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadRegister64(PhysicalAddress address) => memory.Read64(address);

    /// <inheritdoc/>
    public bool TryTranslateTable(ulong address, out PhysicalAddress physical) => tables.TryTranslate(address, out physical);

    /// <inheritdoc/>
    public void LoadTable(ulong address, PhysicalAddress even, PhysicalAddress odd) => tables.Load(address, even, odd);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Execute(int instructions)
    {
    }
}
