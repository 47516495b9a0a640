namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override bool TryMappingFrom(ulong address, out ulong start, out ulong end)
    {
        VmMapEntry? entry = Map.FirstFrom(new(address));
        (start, end) = (entry?.Start.Value ?? 0, entry?.End.Value ?? 0);
        return entry is not null;
    }

    private protected override bool HasMappingsToMove(int cuts) => true;

    private protected override bool MayGrow(ulong address, ulong bytes) => true;

    private protected override bool TryChooseTarget(ulong address, ulong newLength, out ulong start) =>
        TryChoosePlace(newLength, isPrivateAnonymous: false, out start);
}
