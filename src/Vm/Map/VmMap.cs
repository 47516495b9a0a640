using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// The entries of one address space, in address order. Each operation has a file of its own. All ranges are page aligned and inside
/// <see cref="Bounds"/>; rounding and the errnos of bad ranges are for the layer above. Source: 4.4BSD <c>vm_map.c</c>.
/// </summary>
public sealed partial class VmMap
{
    private readonly VmSpace _space;
    private readonly VmSystem _system;
    private readonly VmMapIndex _index;
    private readonly Stack<VmMapEntry> _spare = new();
    private VmMapEntry? _hint;

    internal VmMap(VmSpace space, VmMapIndex index, AddressRange bounds)
    {
        _space = space;
        _system = space.System;
        _index = index;
        Bounds = bounds;
    }

    /// <summary>The addresses that may be mapped.</summary>
    public AddressRange Bounds { get; }

    /// <summary>Entries.</summary>
    public int Count => _index.Count;

    /// <summary>The sum of the entries' lengths.</summary>
    public ulong SizeBytes { get; private set; }

    /// <summary>The lowest entry, or null.</summary>
    internal VmMapEntry? First => _index.First;

    internal VmMapIndex Index => _index;

    /// <summary>
    /// The entry that holds an address, or null. Source: <c>vm_map_lookup_entry</c>, which tries the entry last found first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal VmMapEntry? Lookup(VirtualAddress address)
    {
        VmMapEntry? hint = _hint;
        if (hint is not null && address >= hint.Start && address < hint.End)
        {
            return hint;
        }

        return LookupSlowly(address);
    }

    /// <summary>The lowest entry that ends above an address, or null.</summary>
    internal VmMapEntry? FirstFrom(VirtualAddress address)
    {
        VmMapEntry? below = _index.FindAtOrBelow(address);
        return below is null ? First : below.End > address ? below : below.Next;
    }

    /// <summary>Whether no part of a range is mapped.</summary>
    public bool IsFree(AddressRange range) =>
        FirstFrom(range.Start) is not { } entry || (!range.Contains(entry.Start) && entry.Start > range.Start);

    /// <summary>Whether every page of a range is mapped.</summary>
    public bool IsMapped(AddressRange range)
    {
        VirtualAddress at = range.Start;
        for (VmMapEntry? entry = FirstFrom(at); entry is not null && entry.Start <= at; entry = entry.Next)
        {
            at = entry.End;
            if (at > range.Last)
            {
                return true;
            }
        }

        return range.IsEmpty;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private VmMapEntry? LookupSlowly(VirtualAddress address)
    {
        VmMapEntry? found = _index.FindAtOrBelow(address);
        if (found is null || address >= found.End)
        {
            return null;
        }

        _hint = found;
        return found;
    }

    private static void CheckRange(AddressRange range, [CallerArgumentExpression(nameof(range))] string? name = null)
    {
        if (!range.IsAligned(PageSize.Base))
        {
            throw new ArgumentException($"{range} is not page aligned.", name);
        }
    }

    private VmMapEntry NewEntry() => _spare.TryPop(out VmMapEntry? spare) ? spare : new VmMapEntry();

    /// <summary>Puts an entry into the list behind <paramref name="previous"/> and into the index.</summary>
    private void Link(VmMapEntry entry, VmMapEntry? previous)
    {
        VmMapEntry? next = previous is null ? First : previous.Next;
        entry.Previous = previous;
        entry.Next = next;
        if (previous is not null)
        {
            previous.Next = entry;
        }

        if (next is not null)
        {
            next.Previous = entry;
        }

        _index.Insert(entry);
        _system.EntryCount++;
        SizeBytes += entry.Range.LengthBytes;
    }

    private void Unlink(VmMapEntry entry)
    {
        if (ReferenceEquals(_hint, entry))
        {
            _hint = null;
        }

        if (entry.Previous is not null)
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is not null)
        {
            entry.Next.Previous = entry.Previous;
        }

        _index.Remove(entry);
        _system.EntryCount--;
        SizeBytes -= entry.Range.LengthBytes;
    }

    private void Recycle(VmMapEntry entry)
    {
        entry.Reset();
        _spare.Push(entry);
    }
}
