namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override bool IsInCore(VirtualAddress page)
    {
        VmMapEntry entry = Map.Lookup(page)!;
        if (entry.Object is { Vnode: { } file })
        {
            ulong index = (entry.Offset + (page - entry.Start)) / PageSize.BaseBytes;
            return (!entry.IsShared && Space.IsTouched(page)) || file.HasData(index);
        }

        return entry.IsShared ? Map.IsResident(page) : Space.IsTouched(page);
    }
}
