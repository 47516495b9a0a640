namespace BsdVm.Snapshots;

/// <summary>A page of an object that is in memory.</summary>
/// <param name="Index">Its number in the object, from 0.</param>
/// <param name="Frame">The frame that holds it.</param>
public readonly record struct ResidentPage(ulong Index, PageFrameNumber Frame);
