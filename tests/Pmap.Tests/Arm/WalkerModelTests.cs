using BsdVm.Arm;

namespace BsdVm.Tests.Arm;

/// <summary>The walker against the manual's statements, on memory full of random descriptors.</summary>
public class WalkerModelTests
{
    private const ulong Frames = 256;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WalksAreAsTheManualSays(int seed)
    {
        var random = new Random(seed);
        var reached = new Dictionary<string, int>();
        PhysicalMemory memory = MakeImage(random);
        for (int image = 0; image < 100; image++)
        {
            ArmRegisters registers = MakeRegisters(random);
            var mmu = new ArmMmu(memory) { Registers = registers };
            for (int query = 0; query < 300; query++)
            {
                ulong va = (ulong)random.NextInt64(1L << 32) >> (random.Next(3) == 0 ? random.Next(12) : 0);
                var access = (AccessKind)random.Next(3);
                var mode = (PrivilegeMode)random.Next(2);
                Verdict verdict = ManualWalker.Walk(memory, registers, va, access, mode == PrivilegeMode.User);
                string kind = verdict.Succeeds ? $"{verdict.PageShift}" : $"{verdict.Fault} {verdict.Level}";
                reached[kind] = reached.GetValueOrDefault(kind) + 1;
                Check(mmu, verdict, va, access, mode);
            }
        }

        // Random tables must not all end the same way: four sizes, and five kinds of fault at two levels.
        Assert.Equal(14, reached.Count);
        Assert.All(reached, static kind => Assert.True(kind.Value > 50, $"{kind.Key}: only {kind.Value}"));
    }

    private static void Check(ArmMmu mmu, Verdict verdict, ulong va, AccessKind access, PrivilegeMode mode)
    {
        bool probed = mmu.TryProbe(new(va), access, mode, out ulong probe, out MachineFault probeFault);
        bool walked = mmu.TryWalk(new(va), access, mode, out ulong translation, out MachineFault fault);
        Assert.Equal((probed, probe, probeFault), (walked, translation, fault));
        Assert.Equal((verdict.Succeeds, verdict.References), (walked, mmu.Walks.LastReferences));
        if (walked)
        {
            Assert.Equal(verdict.Physical, (translation & TlbFlagsExtensions.PageMask) | (va & 0xFFF));
            Assert.Equal(verdict.PageShift, mmu.LastPageShift);
            Assert.Equal(verdict.IsGlobal, (translation & (ulong)TlbFlags.Global) != 0);
            Assert.Equal((ulong)TlbFlagsExtensions.Needed(access, mode), translation & (ulong)TlbFlagsExtensions.Needed(access, mode));
            return;
        }

        ArmFaultStatus status = ArmFaultCode.Status(fault.Code);
        Assert.Equal((verdict.Fault, verdict.Level), (ArmFaultCode.Name(status), ArmFaultCode.Level(status)));
        Assert.Equal(access == AccessKind.Execute ? 0 : verdict.Domain, ArmFaultCode.Domain(fault.Code));
        Assert.Equal(access == AccessKind.Write, (fault.Code >> 11 & 1) != 0);
        Assert.Equal(
            verdict.Fault is "translation" or "external abort on walk" ? FaultReason.NotPresent : FaultReason.Protection, fault.Reason);
    }

    private static ArmRegisters MakeRegisters(Random random) => new()
    {
        Ttbr0 = (uint)random.Next((int)(Frames << 12)),
        Ttbr1 = random.Next(20) == 0 ? 0xFFFF_C000 : (uint)random.Next((int)(Frames << 12)),
        Ttbcr = (uint)(random.Next(8) | (random.Next(8) == 0 ? 0x10 : 0) | (random.Next(8) == 0 ? 0x20 : 0)),
        Dacr = (uint)random.NextInt64(1L << 32) | 0x5555_5555 & (uint)-random.Next(2),
        Afe = random.Next(2) == 0,
        Asid = (byte)random.Next(256),
    };

    // Descriptors of all types at both levels; most tables lie in memory.
    private static PhysicalMemory MakeImage(Random random)
    {
        var memory = new PhysicalMemory(Frames);
        for (ulong at = 0; at < Frames << 12; at += 4)
        {
            uint word = (uint)random.NextInt64(1L << 32);
            memory.Write32(new(at), (word & 3) == 1 && random.Next(30) != 0 ? word & 0x000F_FFFF : word);
        }

        return memory;
    }
}
