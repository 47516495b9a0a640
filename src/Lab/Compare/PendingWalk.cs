namespace BsdVm.Lab;

/// <summary>A walk that the machine made and that the other structures still have to make.</summary>
/// <param name="Address">The address of the access.</param>
/// <param name="Access">What it does.</param>
/// <param name="IsMiss">As in <see cref="IWalkObserver.Walked"/>.</param>
internal readonly record struct PendingWalk(VirtualAddress Address, AccessKind Access, bool IsMiss);
