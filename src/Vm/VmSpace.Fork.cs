using System.Diagnostics.CodeAnalysis;

namespace BsdVm;

public sealed partial class VmSpace
{
    /// <summary>
    /// Makes the address space of a child, entry by entry as each one's inheritance says. Source: <c>vmspace_fork</c>.
    /// </summary>
    /// <param name="eager">Copies every private page now, as systems did before copy-on-write.</param>
    /// <param name="child">The child's space.</param>
    /// <returns>ResourceShortage without any change if frames are missing for the child's tables or for copies that must be made
    /// now.</returns>
    public VmStatus TryFork(bool eager, [NotNullWhen(true)] out VmSpace? child)
    {
        child = null;
        if (!TryReserveCopies(eager, out Queue<PageFrameNumber> frames))
        {
            return VmStatus.ResourceShortage;
        }

        if (!System.TryCreateSpace(Map.Bounds, out VmSpace? made))
        {
            FreeAll(frames);
            return VmStatus.ResourceShortage;
        }

        for (VmMapEntry? entry = Map.First; entry is not null; entry = entry.Next)
        {
            ForkEntry(entry, made, eager, frames);
        }

        child = made;
        System.OperationDone();
        return VmStatus.Success;
    }

    private void ForkEntry(VmMapEntry entry, VmSpace child, bool eager, Queue<PageFrameNumber> frames)
    {
        switch (entry.Inheritance)
        {
            case VmInheritance.None:
                break;
            case VmInheritance.Zero:
                child.Map.AppendZero(entry);
                break;
            case VmInheritance.Share:
                ShareEntry(entry, child);
                break;
            default:
                if (CopiesNow(entry, eager))
                {
                    CopyEntryNow(entry, child, frames);
                }
                else
                {
                    CopyEntryLazily(entry, child);
                }

                break;
        }
    }

    private void ShareEntry(VmMapEntry entry, VmSpace child)
    {
        if (!entry.IsShared && !entry.SharesUpper && !entry.IsWired)
        {
            // The shared page of zeros must not stand for a page that the other may write from now on.
            Pmap.Remove(entry.Range);
        }

        VmMapEntry copy = child.Map.Append(entry);
        System.Anonymous.ForkShare(entry, copy);
    }

    private void CopyEntryLazily(VmMapEntry entry, VmSpace child)
    {
        if (!entry.NeedsCopy && entry.Protection.Allows(Protection.Write))
        {
            // What the machine adds to the rights stays: memory that may only be written is readable on most.
            Protection kept = System.Pmaps.Backend.Capabilities.Express(entry.Protection) & ~Protection.Write;
            if (entry.IsWired)
            {
                entry.IsWiredOnFault |= Map.UnwireLostMappings(entry.Range, kept);
            }

            Pmap.Protect(entry.Range, kept);
        }

        VmMapEntry copy = child.Map.Append(entry);
        System.Anonymous.ForkCopy(entry, copy);
        if (System.Policy.CopiesMappings && (!System.Policy.RemembersTouched || System.Anonymous.HasOwn(entry)))
        {
            // Where touches are remembered, a child must fault on what nobody wrote: Linux's fork copies no page-table entry of it.
            child.Pmap.Copy(Pmap, entry.Range);
        }
    }

    // Source: vm_fault_copy_entry, with the entry's present rights: 4.4BSD entered the copies with its maximum (B13).
    private void CopyEntryNow(VmMapEntry entry, VmSpace child, Queue<PageFrameNumber> frames)
    {
        VmMapEntry copy = child.Map.Append(entry);
        copy.IsShared = false;
        copy.SharesUpper = false;
        copy.CopyOnWrite = true;
        System.Anonymous.ForkEmpty(entry, copy);
        for (VirtualAddress page = entry.Start; page < entry.End; page += PageSize.BaseBytes)
        {
            if (IsCopiedNow(entry, page, out FaultPage found))
            {
                PageFrameNumber frame = frames.Dequeue();
                System.Pmaps.CopyPage(found.Frame, frame);
                System.Anonymous.Insert(copy, page, frame, default);
                System.Pages.Queues.Activate(frame);
                System.Counters.ForkCopies++;
            }
        }
    }

    private bool CopiesNow(VmMapEntry entry, bool eager) =>
        entry.Inheritance == VmInheritance.Copy
        && (eager || System.Anonymous.IsUpperShared(entry) || (entry.IsWired && System.Policy.WiredForkCopiesNow));

    // Pages that the child would get from the upper layer; those of a private file mapping that nobody wrote keep following the file.
    private bool IsCopiedNow(VmMapEntry entry, VirtualAddress page, out FaultPage found)
    {
        System.Anonymous.Search(entry, page, out found);
        return found.Where == PageWhere.Resident && (found.Layer is PageLayer.Upper or PageLayer.UpperShared || entry.IsShared);
    }

    private bool TryReserveCopies(bool eager, out Queue<PageFrameNumber> frames)
    {
        frames = new Queue<PageFrameNumber>();
        if (!TryBringInCopies(eager))
        {
            return false;
        }

        for (VmMapEntry? entry = Map.First; entry is not null; entry = entry.Next)
        {
            if (CopiesNow(entry, eager) && !TryReserveCopies(entry, frames))
            {
                FreeAll(frames);
                return false;
            }
        }

        return true;
    }

    // While a page is brought in, others run and may change anything: no frame is counted before a whole pass finds nothing to wait for.
    private bool TryBringInCopies(bool eager)
    {
        bool waited;
        do
        {
            waited = false;
            VirtualAddress from = Map.Bounds.Start;
            while (TryFindAbsent(eager, ref from, out FaultPage absent))
            {
                waited = true;
                if (!System.TryBringIn(in absent))
                {
                    return false;
                }
            }
        }
        while (waited);

        return true;
    }

    // The next page that has to be copied and is not in memory.
    private bool TryFindAbsent(bool eager, ref VirtualAddress from, out FaultPage absent)
    {
        for (VmMapEntry? entry = Map.FirstFrom(from); entry is not null; entry = entry.Next)
        {
            from = entry.Start < from ? from : entry.Start;
            for (; CopiesNow(entry, eager) && from < entry.End; from += PageSize.BaseBytes)
            {
                System.Anonymous.Search(entry, from, out absent);
                if (IsAbsent(entry, in absent))
                {
                    return true;
                }
            }
        }

        absent = default;
        return false;
    }

    // Private pages of a file that nobody wrote keep following the file; the copy of shared memory holds all that is there now.
    private static bool IsAbsent(VmMapEntry entry, in FaultPage page) =>
        page.Where is PageWhere.Stored or PageWhere.Busy && (page.Layer != PageLayer.Lower || entry.IsShared);

    private bool TryReserveCopies(VmMapEntry entry, Queue<PageFrameNumber> frames)
    {
        for (VirtualAddress page = entry.Start; page < entry.End; page += PageSize.BaseBytes)
        {
            if (!IsCopiedNow(entry, page, out _))
            {
                continue;
            }

            if (!System.Pages.Frames.TryAllocate(out PageFrameNumber frame))
            {
                return false;
            }

            frames.Enqueue(frame);
        }

        return true;
    }

    private void FreeAll(Queue<PageFrameNumber> frames)
    {
        while (frames.TryDequeue(out PageFrameNumber frame))
        {
            System.FreeFrame(frame);
        }
    }
}
