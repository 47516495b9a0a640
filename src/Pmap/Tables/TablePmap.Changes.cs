using System.Runtime.CompilerServices;

namespace BsdVm;

/// <content>Changes of single mappings, with what every pmap owes for them.</content>
public abstract partial class TablePmap
{
    private PmapStatus EnterChecked(VirtualAddress address, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
    {
        rights = _capabilities.Express(rights);
        bool present = TryFind(address, out PmapMapping old);
        if (present && old.Frame == frame)
        {
            Change(old, rights, wired, SeedBits(access));
            return PmapStatus.Success;
        }

        if (!TryPrepare(address))
        {
            return PmapStatus.ResourceShortage;
        }

        if (present)
        {
            RemoveOne(old);
        }

        var mapping = new PmapMapping(address, frame, rights, (wired ? PmapFlags.Wired : 0) | SeedBits(access));
        Install(mapping);
        Owner.NoteEntered(this, in mapping);
        ResidentCount++;
        if (wired)
        {
            WiredCount++;
        }

        return PmapStatus.Success;
    }

    // The first mapping of a range at or above an address, without what lies outside the limit.
    private bool TryNext(AddressRange range, VirtualAddress from, out PmapMapping mapping)
    {
        mapping = default;
        return from.Value < _limit && range.Contains(from)
            && TryFindNext(from, new(Math.Min(range.Last.Value, _limit - 1)), out mapping);
    }

    // False only for want of a frame for a table: then the rest is left to faults.
    private bool TryCopy(in PmapMapping mapping)
    {
        long before = Owner.Counters.TableReferences;
        Protection rights = _capabilities.Express(mapping.Rights & ~Protection.Write);
        if (rights == Protection.None || !mapping.Rights.Allows(rights) || TryFind(mapping.Address, out _))
        {
            return true;
        }

        Owner.Counters.Enter.Begin(Owner.Counters, Owner.Counters.TableReferences - before);
        bool copied = TryPrepare(mapping.Address);
        if (copied)
        {
            var copy = new PmapMapping(mapping.Address, mapping.Frame, rights, PmapFlags.None);
            Install(copy);
            Owner.NoteEntered(this, in copy);
            ResidentCount++;
        }

        Owner.Counters.Enter.End(Owner.Counters);
        if (copied)
        {
            Owner.NoteCall(this, new(PmapCallKind.Enter, AddressRange.OfPage(mapping.Address.Page), mapping.Frame, rights));
        }

        return copied;
    }

    private void CheckPage(VirtualAddress address)
    {
        if (!address.IsAligned(PageSize.Base))
        {
            throw new ArgumentException($"{address} is not page aligned.", nameof(address));
        }

        if (address.Value >= _limit)
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{address} is outside what {Owner.Backend.Name} maps.");
        }
    }

    private void CheckEnter(VirtualAddress address, PageFrameNumber frame, Protection rights)
    {
        CheckPage(address);
        if (frame.Value >= _frameLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(frame), $"Frame {frame} is beyond what {Owner.Backend.Name} can name.");
        }

        if (rights == Protection.None)
        {
            throw new ArgumentException("A mapping needs a right.", nameof(rights));
        }
    }

    private void Change(in PmapMapping old, Protection rights, bool wired, PmapFlags used)
    {
        PmapFlags flags = (old.Flags & ~PmapFlags.Wired) | used | (wired ? PmapFlags.Wired : PmapFlags.None);
        if (rights == old.Rights && flags == old.Flags)
        {
            return;
        }

        PmapMapping changed = old with { Rights = rights, Flags = flags };
        if (rights == old.Rights && ((flags ^ old.Flags) & PmapFlags.Wired) == 0)
        {
            RewriteBits(in changed);
        }
        else
        {
            Rewrite(in changed);
        }

        WiredCount += (int)(flags & PmapFlags.Wired) - (int)(old.Flags & PmapFlags.Wired);
        Owner.NoteChanged(this, in changed);
        if (!rights.Allows(old.Rights))
        {
            Owner.OweInvalidation(this, AddressRange.OfPage(old.Address.Page));
        }
    }

    private void Reduce(in PmapMapping old, Protection rights)
    {
        // What is left must be expressible without adding a right that the mapping did not have, or that was not asked for.
        Protection left = _capabilities.Express(old.Rights & rights);
        if (left == Protection.None || (!old.Rights.Allows(left)))
        {
            RemoveOne(old);
        }
        else if (left != old.Rights)
        {
            Change(old, left, (old.Flags & PmapFlags.Wired) != 0, PmapFlags.None);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RemoveOne(in PmapMapping old)
    {
        Clear(old);
        ResidentCount--;
        if ((old.Flags & PmapFlags.Wired) != 0)
        {
            WiredCount--;
        }

        Owner.NoteRemoved(this, old);
    }
}
