namespace BsdVm;

/// <summary>Who wants to know of mappings as they come and go: comparisons that keep other structures in step.</summary>
public interface IPmapObserver
{
    /// <summary>A mapping was made.</summary>
    void Entered(Pmap pmap, in PmapMapping mapping);

    /// <summary>A mapping has other rights or flags now; frame and address are as they were.</summary>
    void Changed(Pmap pmap, in PmapMapping mapping);

    /// <summary>The mapping at an address ended.</summary>
    void Removed(Pmap pmap, VirtualAddress address);

    /// <summary>A pmap, empty by now, ends.</summary>
    void Destroyed(Pmap pmap);
}
