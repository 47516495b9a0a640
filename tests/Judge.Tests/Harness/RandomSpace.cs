namespace BsdVm.Judge;

/// <summary>An address space that a pmap was asked to make at random, and accesses in and around it.</summary>
internal sealed class RandomSpace(Random random, Pmap pmap, ulong firstFrame, ulong lastFrame)
{
    private static readonly Protection[] AllRights =
        [Protection.Read, Protection.ReadWrite, Protection.ReadExecute, Protection.All, Protection.Execute];

    // Starts of pages that are or were mapped.
    private readonly List<ulong> _pages = [];

    /// <summary>Enters, reduces and removes pages in a few regions, some neighbours, some far apart.</summary>
    public void Fill()
    {
        int regions = random.Next(1, 6);
        for (int region = 0; region < regions; region++)
        {
            ulong start = PageSize.Base.RoundDown(AnyAddress());
            for (int page = random.Next(1, 24); page > 0; page--)
            {
                ulong address = start + ((ulong)random.Next(40) * PageSize.BaseBytes);
                if (address < pmap.Owner.Backend.Capabilities.UserLimit)
                {
                    Enter(address);
                }
            }
        }

        foreach (ulong page in _pages)
        {
            var range = new AddressRange(new(page), PageSize.BaseBytes);
            switch (random.Next(10))
            {
                case 0:
                    pmap.Remove(range);
                    break;
                case 1:
                    pmap.Protect(range, Protection.Read);
                    break;
                case 2 when pmap.TryExtract(new(page), out PmapMapping mapping) && (mapping.Flags & PmapFlags.Modified) != 0:
                    pmap.ClearBits(new(page), PmapFlags.Referenced | PmapFlags.Modified);
                    break;
                default:
                    break;
            }
        }

        pmap.Owner.Update();
    }

    /// <summary>A page that was entered by other means than <see cref="Fill"/>.</summary>
    public void Add(ulong page) => _pages.Add(page);

    /// <summary>Whether a page was ever entered in a range.</summary>
    public bool Uses(ulong address, ulong bytes) => _pages.Exists(page => page - address < bytes);

    /// <summary>An address that programs can use.</summary>
    public ulong AnyAddress() => (ulong)random.NextInt64((long)pmap.Owner.Backend.Capabilities.UserLimit);

    /// <summary>Any rights.</summary>
    public Protection AnyRights() => AllRights[random.Next(AllRights.Length)];

    /// <summary>An access, mostly to what is mapped.</summary>
    public Access Draw()
    {
        ulong page = _pages[random.Next(_pages.Count)];
        ulong address = random.Next(12) switch
        {
            0 => AnyAddress(),
            1 => page + PageSize.BaseBytes,
            2 => page > 0 ? page - 1 : page,
            _ => page + (ulong)random.Next((int)PageSize.BaseBytes),
        };
        return Access.In(address, (AccessKind)random.Next(3), (PrivilegeMode)random.Next(2));
    }

    private void Enter(ulong address)
    {
        AccessKind? access = random.Next(3) == 0 ? null : (AccessKind)random.Next(3);
        Protection rights = AnyRights();
        access = access is { } kind && rights.Allows(kind) ? kind : null;
        var frame = new PageFrameNumber((ulong)random.NextInt64((long)firstFrame, (long)lastFrame));
        Assert.Equal(PmapStatus.Success, pmap.Enter(new(address), frame, rights, access, random.Next(4) == 0));
        _pages.Add(address);
    }
}
