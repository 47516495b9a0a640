using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>The port of a hardware walker: counts, and remembers where tables in virtual space are.</summary>
/// <param name="memory">The memory.</param>
/// <param name="trail">What counts.</param>
/// <param name="tables">Translations of table pages.</param>
public readonly struct WalkerPort(PhysicalMemory memory, WalkTrail trail, TablePageCache tables) : IRefillPort
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

/// <summary>A port that leaves no trace: for checks and pictures.</summary>
/// <param name="memory">The memory.</param>
public struct ProbePort(PhysicalMemory memory) : IRefillPort
{
    private ulong _address = ulong.MaxValue;
    private PhysicalAddress _even;
    private PhysicalAddress _odd;

    /// <inheritdoc/>
    public readonly ulong Read64(PhysicalAddress address) => memory.Read64(address);

    /// <inheritdoc/>
    public readonly ulong ReadAside64(PhysicalAddress address) => memory.Read64(address);

    /// <inheritdoc/>
    public readonly ulong ReadBeside64(PhysicalAddress address, PhysicalAddress entry) => memory.Read64(address);

    /// <inheritdoc/>
    public readonly ulong ReadRegister64(PhysicalAddress address) => memory.Read64(address);

    /// <inheritdoc/>
    public readonly bool TryTranslateTable(ulong address, out PhysicalAddress physical)
    {
        ulong page = ((address >> PageSize.Base.Shift) & 1) == 0 ? _even.Value : _odd.Value;
        physical = new(page | (address & PageSize.Base.OffsetMask));
        return address >> (PageSize.Base.Shift + 1) == _address && page != 0;
    }

    /// <inheritdoc/>
    public void LoadTable(ulong address, PhysicalAddress even, PhysicalAddress odd)
    {
        _address = address >> (PageSize.Base.Shift + 1);
        _even = even;
        _odd = odd;
    }

    /// <inheritdoc/>
    public readonly void Execute(int instructions)
    {
    }
}
