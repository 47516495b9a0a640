namespace BsdVm.Posix;

/// <summary>
/// The parts of mappings that lie in a range, lowest first. The map may be changed behind the current part: the next one is found by
/// address.
/// </summary>
internal ref struct VmaWalk(VmaMap map, ulong start, ulong end)
{
    private ulong _next = start;

    /// <summary>The mapping, as it was when the walk came to it.</summary>
    public Vma Mapping { get; private set; }

    /// <summary>Where the part starts.</summary>
    public ulong From { get; private set; }

    /// <summary>Where it ends.</summary>
    public ulong To { get; private set; }

    /// <summary>Whether there was a hole ahead of the current part or, at the end, anywhere.</summary>
    public bool MetHole { get; private set; }

    /// <summary>The addresses of the part.</summary>
    public readonly AddressRange Range => new(new(From), To - From);

    /// <summary>Goes to the next part.</summary>
    public bool MoveNext()
    {
        if (_next >= end)
        {
            return false;
        }

        int index = map.IndexFrom(_next);
        if (index == map.Count || map[index].Start >= end)
        {
            MetHole = true;
            _next = end;
            return false;
        }

        Mapping = map[index];
        From = Math.Max(_next, Mapping.Start);
        To = Math.Min(end, Mapping.End);
        MetHole |= From != _next;
        _next = To;
        return true;
    }

    /// <summary>Goes to the next part unless a hole lies ahead of it.</summary>
    public bool MoveNextWithoutHole() => MoveNext() && !MetHole;
}
