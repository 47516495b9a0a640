namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override bool IsInCore(VirtualAddress page) => Map.IsResident(page);
}
