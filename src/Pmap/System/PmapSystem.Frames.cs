namespace BsdVm;

/// <content>
/// What is known of each frame: its pv list, and the referenced and modified bits that mappings which are gone have left. The page-wide
/// half of the contract, for every backend. A frame's bits are the saved ones together with those in the tables of all pmaps that map it.
/// </content>
public sealed partial class PmapSystem
{
    private readonly PvTable _pv;

    // Bits of mappings that are gone.
    private readonly PmapFlags[] _saved;
    private readonly bool[] _unmanaged;

    /// <summary>pv entries in use: mappings of managed frames.</summary>
    public int PvEntryCount => _pv.Count;

    /// <summary>
    /// Keeps no pv list for a frame from now on: nobody will ever ask for all mappings of it (the shared zero page, whose list would grow
    /// without bound). It must not be mapped.
    /// </summary>
    public void SetUnmanaged(PageFrameNumber frame) => _unmanaged[frame.Value] = true;

    /// <summary>Whether the frame has a pv list.</summary>
    public bool IsManaged(PageFrameNumber frame) => frame.Value < (ulong)_unmanaged.Length && !_unmanaged[frame.Value];

    /// <summary>
    /// Lowers the rights of every mapping of a frame, wired ones too; none left removes them. Source: <c>pmap_page_protect </c>.
    /// </summary>
    public void PageProtect(PageFrameNumber frame, Protection rights)
    {
        int entry = _pv.First(frame.Value);
        while (entry != 0)
        {
            // The entry is freed by a removal: its successor is read first. Where tables are shared, other entries may go as well; then the
            // list is gone through from its head again.
            int next = _pv.Next(entry);
            int count = rights == Protection.None ? _pv.Count - 1 : _pv.Count;
            Pmap pmap = _pmaps[_pv.PmapOf(entry)]!;
            var page = new AddressRange(_pv.AddressOf(entry), PageSize.BaseBytes);
            if (rights == Protection.None)
            {
                pmap.Remove(page);
            }
            else
            {
                pmap.Protect(page, rights);
            }

            entry = _pv.Count == count ? next : _pv.First(frame.Value);
        }
    }

    /// <summary>
    /// Whether the frame was stored to through any mapping, gone ones included, since the last clear. Source: <c>pmap_is_modified </c>.
    /// </summary>
    public bool IsModified(PageFrameNumber frame) => Has(frame, PmapFlags.Modified);

    /// <summary>Whether the frame was used, as far as anybody knows. Source: <c>pmap_is_referenced</c>.</summary>
    public bool IsReferenced(PageFrameNumber frame) => Has(frame, PmapFlags.Referenced);

    /// <summary>
    /// Forgets that a frame was modified; the next store through any mapping is seen again. Source: <c>pmap_clear_modify </c>.
    /// </summary>
    public void ClearModify(PageFrameNumber frame) => Clear(frame, PmapFlags.Modified);

    /// <summary>Forgets that a frame was referenced. Source: <c>pmap_clear_reference</c>.</summary>
    public void ClearReference(PageFrameNumber frame) => Clear(frame, PmapFlags.Referenced);

    /// <summary>Fills a frame with zeros and forgets its bits. Nobody maps it. Source: <c>pmap_zero_page</c>.</summary>
    public void ZeroPage(PageFrameNumber frame)
    {
        Machine.Memory.ZeroFrame(frame);
        _saved[frame.Value] = PmapFlags.None;
        Counters.ZeroedPages++;
    }

    /// <summary>Copies a frame over one that nobody maps, whose bits it forgets. Source: <c>pmap_copy_page</c>.</summary>
    public void CopyPage(PageFrameNumber source, PageFrameNumber destination)
    {
        Machine.Memory.CopyFrame(source, destination);
        _saved[destination.Value] = PmapFlags.None;
        Counters.CopiedPages++;
    }

    /// <summary>Who maps a frame, newest mapping first.</summary>
    public IEnumerable<(Pmap Pmap, VirtualAddress Address)> MappingsOf(PageFrameNumber frame)
    {
        for (int entry = _pv.First(frame.Value); entry != 0; entry = _pv.Next(entry))
        {
            yield return (_pmaps[_pv.PmapOf(entry)]!, _pv.AddressOf(entry));
        }
    }

    /// <summary>Whether any pmap maps a managed frame.</summary>
    public bool IsMapped(PageFrameNumber frame) => _pv.First(frame.Value) != 0;

    private bool Has(PageFrameNumber frame, PmapFlags bit)
    {
        if ((_saved[frame.Value] & bit) != 0)
        {
            return true;
        }

        for (int entry = _pv.First(frame.Value); entry != 0; entry = _pv.Next(entry))
        {
            if (_pmaps[_pv.PmapOf(entry)]!.TryExtract(_pv.AddressOf(entry), out PmapMapping mapping) && (mapping.Flags & bit) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Clear(PageFrameNumber frame, PmapFlags bit)
    {
        _saved[frame.Value] &= ~bit;
        for (int entry = _pv.First(frame.Value); entry != 0; entry = _pv.Next(entry))
        {
            _pmaps[_pv.PmapOf(entry)]!.ClearBits(_pv.AddressOf(entry), bit);
        }
    }
}
