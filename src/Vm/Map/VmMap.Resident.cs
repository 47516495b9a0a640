namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Whether the page that an access to an address would see is in memory, in whatever layer. Source: 4.4BSD <c>mincore</c>.
    /// </summary>
    public bool IsResident(VirtualAddress address)
    {
        if (Lookup(address) is not { } entry)
        {
            return false;
        }

        _system.Anonymous.Search(entry, address.RoundDown(PageSize.Base), out FaultPage found);
        return found.Where is PageWhere.Resident or PageWhere.Busy;
    }
}
