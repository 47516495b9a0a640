using System.Diagnostics.CodeAnalysis;
using BsdVm.Tests.Walkthrough;

namespace BsdVm.Tests.Shootdowns;

/// <summary>What an author may forget.</summary>
internal enum Forgotten
{
    Nothing,

    /// <summary>That without tags a load must drop what was cached of the space before.</summary>
    Flush,

    /// <summary>That an operation of the backend's own owes an invalidation as well.</summary>
    Debt,
}

/// <summary>The machine of the walk-through with a pmap whose author forgot something.</summary>
internal sealed class ForgetfulBackend(Forgotten forgotten) : PmapBackend
{
    public override string Name => "forgetful";

    public override string Description => $"forgets: {forgotten}";

    public override PmapCapabilities Capabilities { get; } = new ToyBackend().Capabilities;

    public override Mmu CreateMmu(PhysicalMemory memory) => new ToyMmu(memory);

    public override bool TryCreatePmap(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) =>
        (pmap = ForgetfulPmap.Create(system, id, forgotten)) is not null;
}

/// <summary>The pmap, with an operation beside the contract.</summary>
internal sealed class ForgetfulPmap : RadixPmap<ToyFormat>
{
    private readonly Forgotten _forgotten;

    private ForgetfulPmap(PmapSystem system, int id, PhysicalAddress root, Forgotten forgotten)
        : base(system, id, root) => _forgotten = forgotten;

    public static Pmap? Create(PmapSystem system, int id, Forgotten forgotten) =>
        TryTakeRoot(system, out PhysicalAddress root) ? new ForgetfulPmap(system, id, root, forgotten) : null;

    /// <summary>Takes the right to write from a page, in its table.</summary>
    public void MakeReadOnly(VirtualAddress page)
    {
        PhysicalAddress table = ToyFormat.TableOf(Memory.Read64(Root + (page.Value >> 21 << 3)), 2);
        PhysicalAddress place = table + ((page.Value >> 12 & 511) << 3);
        PmapMapping mapping = ToyFormat.DecodePage(page, Memory.Read64(place));
        Memory.Write64(place, ToyFormat.EncodePage(mapping.Frame, mapping.Rights & ~Protection.Write, mapping.Flags));
        if (_forgotten != Forgotten.Debt)
        {
            Owner.OweInvalidation(this, new AddressRange(page, PageSize.BaseBytes));
        }
    }

    protected override void Load(Cpu cpu)
    {
        ((ToyMmu)cpu.Mmu).Root = Root;
        if (_forgotten != Forgotten.Flush)
        {
            cpu.Flush(keepGlobal: false);
        }
    }
}
