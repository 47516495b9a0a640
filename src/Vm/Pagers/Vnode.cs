namespace BsdVm;

/// <summary>
/// A simulated file. Reading, writing and mappings go through the same resident pages, so each sees the others' bytes at once (4.4BSD had
/// two caches; every system since has one). Its object stays when the last mapping goes: the page cache.
/// </summary>
public sealed class Vnode
{
    private readonly VmSystem _system;

    internal Vnode(VmSystem system, string name, ulong sizeBytes, byte fill)
    {
        _system = system;
        Name = name;
        SizeBytes = sizeBytes;
        Store = new FileStore(sizeBytes, fill);
        Pager = new VnodePager(this, system.Machine.Scheduler);
        Object = system.Objects.AllocateForVnode(this, Pager);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The file's length.</summary>
    public ulong SizeBytes { get; private set; }

    /// <summary>The object of its pages.</summary>
    public VmObject Object { get; }

    /// <summary>Moves its pages.</summary>
    public VnodePager Pager { get; }

    /// <summary>
    /// Puts a pager of your own in front of the one that moves the file's pages now, as <see cref="FailingPager"/> is one.
    /// </summary>
    /// <param name="decorate">Makes it, given the one that it stands in front of.</param>
    public TPager DecoratePager<TPager>(Func<Pager, TPager> decorate)
        where TPager : Pager
    {
        ArgumentNullException.ThrowIfNull(decorate);
        TPager made = decorate(Object.Pager!);
        Object.Pager = made;
        return made;
    }

    internal FileStore Store { get; }

    /// <summary>Whether a page is in the page cache or was ever written: not a hole.</summary>
    public bool HasData(ulong index) => Store.HasData(index) || _system.Pages.Hash.Lookup(Object, index) != 0;

    /// <summary>As read(2): copies what the file has from <paramref name="offset"/> on and returns how many bytes that were.</summary>
    public int Read(ulong offset, Span<byte> destination)
    {
        if (offset >= SizeBytes)
        {
            return 0;
        }

        int length = (int)Math.Min((ulong)destination.Length, SizeBytes - offset);
        for (int done = 0; done < length;)
        {
            (ulong index, int inPage, int piece) = Piece(offset + (ulong)done, length - done);
            int frame = Resident(index);
            if (frame != 0)
            {
                _system.Machine.Memory.Read(new PageFrameNumber((ulong)frame).Address + (ulong)inPage, destination.Slice(done, piece));
            }
            else
            {
                Store.Read(index, inPage, destination.Slice(done, piece));
            }

            done += piece;
        }

        return length;
    }

    /// <summary>As write(2): the file grows as needed; writing nothing changes nothing.</summary>
    /// <exception cref="OverflowException">The bytes would end past 2^64; the system-call layer refuses that first.</exception>
    public void Write(ulong offset, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            return;
        }

        SizeBytes = Math.Max(SizeBytes, checked(offset + (ulong)source.Length));
        for (int done = 0; done < source.Length;)
        {
            (ulong index, int inPage, int piece) = Piece(offset + (ulong)done, source.Length - done);
            int frame = Resident(index);
            if (frame != 0)
            {
                _system.Machine.Memory.Write(new PageFrameNumber((ulong)frame).Address + (ulong)inPage, source.Slice(done, piece));
                _system.Pages[frame].Clean = false;
            }
            else
            {
                Store.Write(index, inPage, source.Slice(done, piece));
            }

            done += piece;
        }
    }

    /// <summary>Makes the file at least this long; what is added is a hole.</summary>
    public void ExtendTo(ulong sizeBytes) => SizeBytes = Math.Max(SizeBytes, sizeBytes);

    /// <summary>
    /// As truncate(2). Shrinking unmaps and drops every page behind the new end and zeroes the rest of the last one; private copies stay
    /// or go by <see cref="VmPolicy.TruncateDropsPrivateCopies"/>. Growing adds a hole.
    /// </summary>
    public void Truncate(ulong sizeBytes)
    {
        bool shrinks = sizeBytes < SizeBytes;
        SizeBytes = sizeBytes;
        if (!shrinks)
        {
            return;
        }

        ulong firstGone = PageSize.Base.RoundUp(sizeBytes) / PageSize.BaseBytes;
        Object.DropPagesFrom(firstGone);
        if (_system.Policy.TruncateDropsPrivateCopies)
        {
            _system.DropPrivateCopies(Object, firstGone);
        }

        Store.Truncate(sizeBytes);
        int tail = (int)PageSize.Base.OffsetIn(sizeBytes);
        int last = tail == 0 ? 0 : Resident(sizeBytes / PageSize.BaseBytes);
        if (last != 0)
        {
            Span<byte> zeros = stackalloc byte[(int)PageSize.BaseBytes - tail];
            zeros.Clear();
            _system.Machine.Memory.Write(new PageFrameNumber((ulong)last).Address + (ulong)tail, zeros);
        }
    }

    private static (ulong Index, int InPage, int Length) Piece(ulong offset, int rest)
    {
        int inPage = (int)PageSize.Base.OffsetIn(offset);
        return (offset / PageSize.BaseBytes, inPage, Math.Min(rest, (int)PageSize.BaseBytes - inPage));
    }

    // A page on its way in is not there yet: its transfer will read what the store has by then.
    private int Resident(ulong index)
    {
        int frame = _system.Pages.Hash.Lookup(Object, index);
        return frame != 0 && _system.Pages[frame].Busy ? 0 : frame;
    }
}
