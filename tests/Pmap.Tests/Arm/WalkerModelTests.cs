using BsdVm.Arm;
using BsdVm.Conformance;
using FsCheck.Fluent;

namespace BsdVm.Tests.Arm;

/// <summary>The walker against the manual's statements, on memory full of random descriptors.</summary>
public class WalkerModelTests
{
    [Property(100, Arbitrary = [typeof(WalkCase)])]
    public void WalksAreAsTheManualSays(WalkCase walks)
    {
        PhysicalMemory memory = walks.MakeMemory();
        var mmu = new ArmMmu(memory) { Registers = walks.Registers };
        foreach (WalkQuery query in walks.Queries.Items)
        {
            string expected = Text(walks.ByTheManual(memory, query, []), query);
            string found = Walk(mmu, query);
            Assert.True(expected == found, $"{query}: found {found}, by the manual {expected}");
        }
    }

    // Random tables must not all end the same way: four sizes, and five kinds of fault at two levels.
    [Fact]
    public void TheCasesEndInEveryWay()
    {
        var reached = new Dictionary<string, int>();
        foreach (WalkCase walks in WalkCase.Arbitrary.Generator.Sample(80, RunSettings.Generator, 60))
        {
            PhysicalMemory memory = walks.MakeMemory();
            foreach (WalkQuery query in walks.Queries.Items)
            {
                Verdict verdict = walks.ByTheManual(memory, query, []);
                string kind = verdict.Succeeds ? $"{verdict.PageShift}" : $"{verdict.Fault} {verdict.Level}";
                reached[kind] = reached.GetValueOrDefault(kind) + 1;
            }
        }

        Assert.Equal(14, reached.Count);
        Assert.All(reached, static kind => Assert.True(kind.Value > 25, $"{kind.Key}: only {kind.Value}"));
    }

    private static string Walk(ArmMmu mmu, in WalkQuery query)
    {
        var va = new VirtualAddress(query.Address);
        bool probed = mmu.TryProbe(va, query.Access, query.Mode, out ulong probe, out MachineFault probeFault);
        bool walked = mmu.TryWalk(va, query.Access, query.Mode, out ulong translation, out MachineFault fault);
        Assert.True((probed, probe, probeFault) == (walked, translation, fault), $"{query}: a probe says 0x{probe:x} {probeFault}");
        if (walked)
        {
            ulong needed = (ulong)TlbFlagsExtensions.Needed(query.Access, query.Mode);
            Assert.True((translation & needed) == needed, $"{query}: 0x{translation:x} does not have the rights that it needs");
            bool isGlobal = (translation & (ulong)TlbFlags.Global) != 0;
            ulong physical = (translation & TlbFlagsExtensions.PageMask) | va.OffsetInPage;
            return $"0x{physical:x} in {mmu.LastPageShift} bits, global {isGlobal}, {mmu.Walks.LastReferences} references";
        }

        ArmFaultStatus status = ArmFaultCode.Status(fault.Code);
        return $"{ArmFaultCode.Name(status)} {ArmFaultCode.Level(status)}, domain {ArmFaultCode.Domain(fault.Code)}, "
            + $"store {(fault.Code >> 11 & 1) != 0}, {fault.Reason}, {mmu.Walks.LastReferences} references";
    }

    private static string Text(Verdict verdict, in WalkQuery query)
    {
        if (verdict.Succeeds)
        {
            return $"0x{verdict.Physical:x} in {verdict.PageShift} bits, global {verdict.IsGlobal}, {verdict.References} references";
        }

        FaultReason reason = verdict.Fault is "translation" or "external abort on walk" ? FaultReason.NotPresent : FaultReason.Protection;
        return $"{verdict.Fault} {verdict.Level}, domain {(query.Access == AccessKind.Execute ? 0 : verdict.Domain)}, "
            + $"store {query.Access == AccessKind.Write}, {reason}, {verdict.References} references";
    }
}
