namespace BsdVm.Tests.Walkthrough;

public sealed class ToyPmap(PmapSystem system, int id, PhysicalAddress root) : RadixPmap<ToyFormat>(system, id, root)
{
    public override Mmu? CreateView() => new ToyMmu(Memory) { Root = Root };
    public static Pmap? Create(PmapSystem system, int id) =>
        TryTakeRoot(system, out PhysicalAddress root) ? new ToyPmap(system, id, root) : null;

    protected override void Load(Cpu cpu)
    {
        ((ToyMmu)cpu.Mmu).Root = Root;
        cpu.Flush(keepGlobal: false);
    }
}
