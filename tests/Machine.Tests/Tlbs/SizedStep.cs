using BsdVm.Conformance;
using FsCheck;

namespace BsdVm.Tests.Tlbs;

/// <summary>One random step on a TLB of several page sizes.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Address">Where, page aligned.</param>
/// <param name="Tag">The address space's tag.</param>
/// <param name="Access">The kind of access.</param>
/// <param name="Pages">The base pages of a range.</param>
/// <param name="Walked">The start of the page that a walk finds, in its size.</param>
/// <param name="Size">The size of the page that a walk finds.</param>
/// <param name="IsGlobal">It is global.</param>
public readonly record struct SizedStep(
    TlbAction Action, VirtualAddress Address, uint Tag, AccessKind Access, int Pages, ulong Walked, PageSize Size, bool IsGlobal)
{
    public static Arbitrary<Steps<SizedStep>> Arbitrary => Steps.Drawn<SizedStep>(Draw, 4000);

    /// <summary>What a walk finds for the address.</summary>
    public ulong Translation =>
        Walked + Size.OffsetIn(Address.Value) | (ulong)(TlbFlags.Valid | (IsGlobal ? TlbFlags.Global : TlbFlags.None));

    private static SizedStep Draw(Random random, SizedStep last)
    {
        int number = random.Next(3000);
        return new(
            number switch
            {
                < 5 => TlbAction.Flush,
                < 10 => TlbAction.FlushKeepingGlobal,
                < 200 => TlbAction.InvalidatePage,
                < 240 => TlbAction.InvalidateRange,
                < 510 => TlbAction.Upgrade,
                _ => TlbAction.Access,
            },
            DrawAddress(random, last.Address),
            (uint)random.Next(3),
            (AccessKind)random.Next(3),
            random.Next(1, 100),
            (ulong)random.Next(1, 1000) * new PageSize(30).Bytes,
            new(random.Next(3) switch { 0 => 12, 1 => 21, _ => 30 }),
            random.Next(10) == 0);
    }

    // Few regions, so that one address is seen in all sizes, and the same page or large page often comes again.
    private static VirtualAddress DrawAddress(Random random, VirtualAddress last) => random.Next(4) == 0
        ? new PageNumber(last.Page.Value ^ (ulong)random.Next(3)).Address
        : new(((ulong)random.Next(2) * new PageSize(30).Bytes) + ((ulong)random.Next(6) * new PageSize(21).Bytes)
            + ((ulong)random.Next(20) * PageSize.BaseBytes));
}
