namespace BsdVm;

/// <summary>Who wants to know what happens to memory. Linux's bookkeeping above needs it: its anon_vmas are made by write attempts.</summary>
public interface IVmObserver
{
    /// <summary>A store that the mapping's rights allow is about to be tried on a private mapping, at least the first one on its entry.</summary>
    void PrivateWrite(VmSpace space, VirtualAddress address);
}
