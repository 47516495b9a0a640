namespace BsdVm.Walks;

/// <summary>A port that leaves no trace: for checks and pictures.</summary>
/// <param name="memory">The memory.</param>
public struct ProbePort(PhysicalMemory memory) : IWalkPort
{
    private ulong _pair = ulong.MaxValue;
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
        physical = default;
        return TablePair.Of(address) == _pair && TablePair.TryPick(address, _even, _odd, out physical);
    }

    /// <inheritdoc/>
    public void LoadTable(ulong address, PhysicalAddress even, PhysicalAddress odd)
    {
        _pair = TablePair.Of(address);
        _even = even;
        _odd = odd;
    }

    /// <inheritdoc/>
    public readonly void Execute(int instructions)
    {
    }
}
