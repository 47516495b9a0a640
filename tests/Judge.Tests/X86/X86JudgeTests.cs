using BsdVm.X86;
using Xunit.Abstractions;

namespace BsdVm.Judge;

/// <summary>x86 tables, as our walker and as QEMU's processor sees them: address or error code, and accessed and dirty bits.</summary>
public sealed class X86JudgeTests(ITestOutputHelper output)
{
    private const int AccessesPerTable = 200;

    [SkippableFact]
    public void Two_level_address_spaces_translate_as_on_the_processor() => CheckSpaces<X86TwoLevel>(X86Backends.TwoLevel);

    [SkippableFact]
    public void Pae_address_spaces_translate_as_on_the_processor() => CheckSpaces<X86Pae>(X86Backends.Pae);

    [SkippableFact]
    public void Four_level_address_spaces_translate_as_on_the_processor() => CheckSpaces<X86FourLevel>(X86Backends.FourLevel);

    [SkippableFact]
    public void Two_level_entries_mean_what_they_mean_to_the_processor() => CheckTables<X86TwoLevel>();

    [SkippableFact]
    public void Pae_entries_mean_what_they_mean_to_the_processor() => CheckTables<X86Pae>();

    [SkippableFact]
    public void Four_level_entries_mean_what_they_mean_to_the_processor() => CheckTables<X86FourLevel>();

    private void CheckSpaces<TFormat>(PmapBackend backend)
        where TFormat : struct, IX86Format
    {
        Qemu.Require(X86Emulator.Program);

        using var session = new X86Session<TFormat>();
        var random = new Random(JudgeSettings.Seed);
        var frames = new RandomFrames(random);
        var machine = new Machine(X86Emulator.Ram / PageSize.BaseBytes, 1, TlbSpecification.Default, backend.CreateMmu);
        var system = new PmapSystem(machine, backend, frames, 1 << 16);
        while (session.Findings.Compared < JudgeSettings.Queries)
        {
            Assert.True(system.TryCreate(out Pmap? pmap));
            var space = new RandomSpace(random, pmap, RandomFrames.Limit, 0xFFE00);
            space.Fill();
            EnterLarge((X86Pmap<TFormat>)pmap, space, random);
            ulong cr3 = pmap.DescribeRoot()!.Registers.Single(static register => register.Key == "cr3").Value;
            var registers = new X86Registers { Cr3 = cr3, Pcide = false, PhysicalAddressBits = X86Emulator.PhysicalAddressBits };
            session.Try(machine.Memory, registers, frames.Taken, Enumerable.Range(0, AccessesPerTable).Select(_ => space.Draw()));
            system.Destroy(pmap);
        }

        Report(session.Findings);
    }

    private static void EnterLarge<TFormat>(X86Pmap<TFormat> pmap, RandomSpace space, Random random)
        where TFormat : struct, IX86Format
    {
        for (int count = random.Next(6); count > 0; count--)
        {
            int level = TFormat.Levels == 4 && random.Next(3) == 0 ? 3 : 2;
            int shift = TFormat.IndexShift(level);
            ulong address = space.AnyAddress() >> shift << shift;
            ulong page = shift == 30 ? (ulong)random.Next(4, 8) << 30 : (ulong)random.Next(4, 700) << shift;
            if (!space.Uses(address, 1UL << shift))
            {
                X86EntryFlags flags = X86EntryFlags.User | (X86EntryFlags)((ulong)random.Next(2) << 1)
                    | (TFormat.EntryShift == 3 ? (X86EntryFlags)((ulong)random.Next(2) << 63) : 0);
                Assert.True(pmap.TryEnterLarge(new(address), new(page), flags, level));
                space.Add(address);
                space.Add(address + PageSize.Base.RoundDown((ulong)random.NextInt64(1L << shift)));
            }
        }
    }

    private void CheckTables<TFormat>()
        where TFormat : struct, IX86Format
    {
        Qemu.Require(X86Emulator.Program);

        using var session = new X86Session<TFormat>();
        var random = new Random(JudgeSettings.Seed);
        var memory = new PhysicalMemory(X86Emulator.Ram / PageSize.BaseBytes);
        while (session.Findings.Compared < JudgeSettings.Queries)
        {
            var frames = new RandomFrames(random);
            var registers = new X86Registers
            {
                Wp = random.Next(3) > 0,
                Pse = random.Next(4) > 0,
                Nxe = random.Next(4) > 0,
                Pke = random.Next(2) > 0,
                Pkru = (uint)random.Next() << 2,
                Pcide = false,
                PhysicalAddressBits = X86Emulator.PhysicalAddressBits,
            };
            var tables = new X86RandomTables<TFormat>(random, memory, frames, registers);
            registers = registers with { Cr3 = tables.Make() };
            session.Try(memory, registers, frames.Taken, Enumerable.Range(0, AccessesPerTable).Select(_ => tables.Draw()));
        }

        Report(session.Findings);
    }

    private void Report(Findings findings)
    {
        output.WriteLine(findings.ToString());
        findings.AssertNone();
    }
}
