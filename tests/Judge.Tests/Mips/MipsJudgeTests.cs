using BsdVm.Mips;
using BsdVm.Structures;
using Xunit.Abstractions;

namespace BsdVm.Judge;

/// <summary>A TLB that software fills, as we and as QEMU's R4000 see it: address or exception.</summary>
public sealed class MipsJudgeTests(ITestOutputHelper output)
{
    private const int AccessesPerTlb = 200;

    [SkippableFact]
    public void Address_spaces_translate_as_on_the_processor()
    {
        Qemu.Require(MipsEmulator.Program);

        using var emulator = new MipsEmulator();
        var findings = new Findings();
        var random = new Random(JudgeSettings.Seed);
        Assert.True(new StructureRegistry().TryParse("mips-radix:r4000", R4000.Instance, out PmapBackend? backend));
        var machine = new Machine(MipsEmulator.Ram >> 12, 1, TlbSpecification.Default, backend.CreateMmu);
        var system = new PmapSystem(machine, backend, new RandomFrames(random), 1 << 16);
        while (findings.Compared < JudgeSettings.Queries)
        {
            Assert.True(system.TryCreate(out Pmap? pmap));
            system.Activate(pmap, machine.Cpus[0]);
            var space = new RandomSpace(random, pmap, RandomFrames.Limit, 0x1FC00);
            space.Fill();
            TranslationRoot root = pmap.DescribeRoot()!;
            root = root with { Tlb = [.. root.Tlb.Where(IsFree).Take(MipsEmulator.EntryCount)] };
            Try(emulator, machine.Memory, root, pmap.Tag, () => Elsewhere(space.Draw()), findings);
            system.Destroy(pmap);
        }

        Report(findings);
    }

    [SkippableFact]
    public void Entries_mean_what_they_mean_to_the_processor()
    {
        Qemu.Require(MipsEmulator.Program);

        using var emulator = new MipsEmulator();
        var findings = new Findings();
        var random = new Random(JudgeSettings.Seed);
        var memory = new PhysicalMemory(MipsEmulator.Ram >> 12);
        while (findings.Compared < JudgeSettings.Queries)
        {
            var tlb = new MipsRandomTlb(random);
            Try(emulator, memory, tlb.Make(), tlb.AnyAsid(), tlb.Draw, findings);
        }

        Report(findings);
    }

    // Not where the stub's page is.
    private static bool IsFree(TlbEntryImage entry) => entry.EntryHi >> 25 << 25 != MipsEmulator.StubRegion;

    private static Access Elsewhere(Access access) =>
        access.Address >> 25 << 25 == MipsEmulator.StubRegion ? access with { Address = access.Address & 0x00FF_FFFF } : access;

    private static void Try(
        MipsEmulator emulator, PhysicalMemory memory, TranslationRoot root, uint asid, Func<Access> draw, Findings findings)
    {
        var mmu = new TlbImageMmu(root, asid);
        new Trial(emulator, memory, mmu, new MipsDifferences(mmu)).Run(
            0, [], MipsEmulator.Registers(root, asid), Enumerable.Range(0, AccessesPerTlb).Select(_ => draw()), findings);
    }

    private void Report(Findings findings)
    {
        output.WriteLine(findings.ToString());
        findings.AssertNone();
    }
}
