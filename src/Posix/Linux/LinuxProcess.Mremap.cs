namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    // A move may need four.
    private const int MappingsOfMove = 4;

    private protected override bool TryMappingFrom(ulong address, out ulong start, out ulong end)
    {
        int index = Vmas.IndexFrom(address);
        bool found = index < Vmas.Count;
        (start, end) = found ? (Vmas[index].Start, Vmas[index].End) : (0, 0);
        return found;
    }

    private protected override bool HasMappingsToMove(int cuts) => Vmas.Count + cuts <= Vmas.Limit - MappingsOfMove;

    // Source: vrm_calc_charge.
    private protected override bool MayGrow(ulong address, ulong bytes) =>
        !Vmas[Vmas.IndexFrom(address)].Has(VmaFlags.Account) || _system.MayPromise(bytes / PageSize.BaseBytes);

    private protected override bool TryChooseTarget(ulong address, ulong newLength, out ulong start) =>
        TryChoosePlace(newLength, Vmas[Vmas.IndexFrom(address)].IsPrivateAnonymous, out start);

    private protected override void NoteExtended(ulong address, ulong bytes) => Vmas.Extend(Vmas.IndexFrom(address), bytes);

    private protected override void NoteMoved(ulong address, ulong length, ulong newLength, ulong to) =>
        Vmas.Move(address, length, newLength, to);
}
