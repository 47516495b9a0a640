using BsdVm.Arm;
using Xunit.Abstractions;

namespace BsdVm.Judge;

/// <summary>ARM's short descriptors, as our walker and as QEMU's processor sees them: address or fault status.</summary>
public sealed class ArmJudgeTests(ITestOutputHelper output)
{
    private const int AccessesPerTable = 200;

    [SkippableFact]
    public void Address_spaces_translate_as_on_the_processor()
    {
        Qemu.Require(ArmEmulator.Program);

        using var emulator = new ArmEmulator();
        var findings = new Findings();
        var random = new Random(JudgeSettings.Seed);
        var frames = new RandomFrames(random);
        var machine = new Machine(ArmEmulator.Ram / PageSize.BaseBytes, 1, TlbSpecification.Default, ArmBackends.Short.CreateMmu);
        var system = new PmapSystem(machine, ArmBackends.Short, frames, 1 << 16);
        while (findings.Compared < JudgeSettings.Queries)
        {
            Assert.True(system.TryCreate(out Pmap? pmap));
            var space = new RandomSpace(random, pmap, RandomFrames.Limit, 0xFFF00);
            space.Fill();
            EnterLarge((ArmPmap)pmap, space, random);
            var registers = new ArmRegisters();
            registers = registers with { Ttbr0 = (uint)((ArmPmap)pmap).Root.Value, Dacr = registers.Dacr | ArmEmulator.StubClient };
            Try(emulator, machine.Memory, registers, frames, space.Draw, findings);
            system.Destroy(pmap);
        }

        Report(findings);
    }

    [SkippableFact]
    public void Descriptors_mean_what_they_mean_to_the_processor()
    {
        Qemu.Require(ArmEmulator.Program);

        using var emulator = new ArmEmulator();
        var findings = new Findings();
        var random = new Random(JudgeSettings.Seed);
        var memory = new PhysicalMemory(ArmEmulator.Ram / PageSize.BaseBytes);
        while (findings.Compared < JudgeSettings.Queries)
        {
            var frames = new RandomFrames(random);
            var tables = new ArmRandomTables(random, memory, frames);
            Try(emulator, memory, tables.Make(), frames, tables.Draw, findings);
        }

        Report(findings);
    }

    private static void EnterLarge(ArmPmap pmap, RandomSpace space, Random random)
    {
        // A page inside a supersection need not be among those that the space was told of.
        var taken = new List<AddressRange>();
        for (int count = random.Next(6); count > 0; count--)
        {
            var size = new PageSize(16 + (4 * random.Next(3)));
            ulong address = size.RoundDown(space.AnyAddress());
            ulong physical = size.RoundDown((ulong)random.NextInt64(1L << 24, (long)ArmEmulator.StubStart - (1L << 24)));
            AddressRange sections = new AddressRange(new(address), size.Bytes).RoundOut(new PageSize(20));
            if (!space.Uses(sections.Start.Value, sections.LengthBytes) && !taken.Exists(sections.Overlaps))
            {
                taken.Add(sections);
                Assert.True(pmap.TryEnterLarge(new(address), new(physical), size, space.AnyRights()));
                space.Add(address);
                space.Add(address + PageSize.Base.RoundDown((ulong)random.NextInt64((long)size.Bytes)));
            }
        }
    }

    private static void Try(
        ArmEmulator emulator, PhysicalMemory memory, ArmRegisters registers, RandomFrames frames, Func<Access> draw, Findings findings)
    {
        var mmu = new ArmMmu(memory) { Registers = registers };
        uint control = 0x00C5_2079 | (registers.Tre ? 1U << 28 : 0) | (registers.Afe ? 1U << 29 : 0);
        ulong root = registers.N == 0 ? registers.LowerTable : registers.UpperTable;
        new Trial(emulator, memory, mmu, new ArmDifferences(mmu)).Run(
            root, frames.Taken, [registers.Ttbr0, registers.Ttbr1, registers.Ttbcr, registers.Dacr, control, registers.Asid],
            Enumerable.Range(0, AccessesPerTable).Select(_ => draw()), findings);
    }

    private void Report(Findings findings)
    {
        output.WriteLine(findings.ToString());
        findings.AssertNone();
    }
}
