namespace BsdVm.Traces;

/// <summary>One recorded access: 16 bytes, so that batches of them stay in the host's caches.</summary>
/// <param name="address">The first byte.</param>
/// <param name="sizeBytes">1 to <see cref="MaxSizeBytes"/>.</param>
/// <param name="kind">What it does.</param>
public readonly struct TraceAccess(VirtualAddress address, int sizeBytes, TraceAccessKind kind) : IEquatable<TraceAccess>
{
    /// <summary>The longest access that a reader accepts, so that none touches more than two pages.</summary>
    public const int MaxSizeBytes = 4096;

    private readonly ushort _sizeBytes = (ushort)sizeBytes;

    /// <summary>The first byte.</summary>
    public VirtualAddress Address { get; } = address;

    /// <summary>What it does.</summary>
    public TraceAccessKind Kind { get; } = kind;

    /// <summary>How many bytes, 1 to <see cref="MaxSizeBytes"/>.</summary>
    public int SizeBytes => _sizeBytes;

    /// <summary>Whether the last byte lies in another base page than the first.</summary>
    public bool StraddlesPage => (Address.Value & (PageSize.BaseBytes - 1)) + _sizeBytes > PageSize.BaseBytes;

    /// <summary>Whether both are the same access.</summary>
    public static bool operator ==(TraceAccess left, TraceAccess right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(TraceAccess left, TraceAccess right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TraceAccess other) => Address == other.Address && _sizeBytes == other._sizeBytes && Kind == other.Kind;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TraceAccess other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, _sizeBytes, Kind);

    /// <summary>Kind, address and size.</summary>
    public override string ToString() => $"{Kind} {Address},{SizeBytes}";
}
