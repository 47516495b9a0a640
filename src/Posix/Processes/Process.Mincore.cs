namespace BsdVm.Posix;

public abstract partial class Process
{
    // The answer is a character a page: 64 GB of memory have 16 million.
    private const ulong MincoreLimitPages = 1 << 24;

    /// <summary>
    /// mincore(2). Linux: a private anonymous page counts once it was touched, a page of an object once the object has it, whoever put it
    /// there. BSD: a page counts that is in memory in any layer. EAGAIN above 64 GB.
    /// </summary>
    /// <param name="address">The first address.</param>
    /// <param name="lengthBytes">The length.</param>
    /// <param name="bits">A character a page, <c>0</c> or <c>1</c>.</param>
    public SyscallResult Mincore(ulong address, ulong lengthBytes, out string bits)
    {
        bits = "";
        if (!IsAligned(address))
        {
            return Errno.EINVAL;
        }

        if (address > UserLimit || lengthBytes > UserLimit - address)
        {
            return Errno.ENOMEM;
        }

        var range = new AddressRange(new(address), RoundUp(lengthBytes));
        if (!Map.IsMapped(range))
        {
            return Errno.ENOMEM;
        }

        if (range.PageCount > MincoreLimitPages)
        {
            return Errno.EAGAIN;
        }

        bits = string.Create((int)range.PageCount, (Process: this, range.Start), static (text, from) =>
        {
            for (int page = 0; page < text.Length; page++)
            {
                text[page] = from.Process.IsInCore(from.Start + ((ulong)page * PageSize.BaseBytes)) ? '1' : '0';
            }
        });
        return SyscallResult.Ok;
    }

    /// <summary>Whether a page, which is mapped, counts as in memory.</summary>
    private protected abstract bool IsInCore(VirtualAddress page);
}
