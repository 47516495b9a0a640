using BsdVm.Mips;
using BsdVm.Structures;

namespace BsdVm.Tests;

/// <summary>The names of structures, on both machines, and structures that are added.</summary>
public class RegistryTests
{
    private static readonly StructureRegistry Registry = new();

    [Theory]
    [InlineData("flat", 0, 32)]
    [InlineData("hashed", 0, 48)]
    [InlineData("clustered:8", 8, 48)]
    [InlineData("clustered:2:seg62", 2, 62)]
    [InlineData("clustered:seg40:32", 32, 40)]
    [InlineData("guarded:4", 4, 48)]
    [InlineData("radix:seg57", 0, 57)]
    public void Names_with_parameters_are_structures_under_a_walker(string name, int parameter, int bits)
    {
        Assert.True(Registry.TryParse(name, out PmapBackend? backend));
        var structure = Assert.IsType<StructureBackend>(backend);
        Assert.Equal((name, new StructureOptions(parameter, bits)), (backend.Name, structure.Options));
        Assert.Equal(1UL << bits, backend.Capabilities.UserLimit);
        Assert.True(backend.Capabilities.HardwareModified && backend.Capabilities.HardwareReferenced);
    }

    [Theory]
    [InlineData("mips-hashed", 48)]
    [InlineData("mips-guarded:9", 48)]
    [InlineData("mips-cuckoo:r4000", 40)]
    [InlineData("mips-clustered:r4000:4", 40)]
    [InlineData("mips-radix:seg62", 62)]
    public void The_same_with_the_prefix_are_those_of_the_R4000(string name, int bits)
    {
        Assert.True(Registry.TryParse(name, R4000.Instance, out PmapBackend? backend));
        Assert.Equal((name, 1UL << bits), (backend.Name, backend.Capabilities.UserLimit));
        Assert.False(backend.Capabilities.HardwareModified || backend.Capabilities.HardwareReferenced);
        Assert.False(Registry.TryParse(name, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mips")]
    [InlineData("mips-flat")]
    [InlineData("flat:seg32")]
    [InlineData("flat:1")]
    [InlineData("clustered:3")]
    [InlineData("clustered:64")]
    [InlineData("clustered:4:8")]
    [InlineData("guarded:0")]
    [InlineData("guarded:10")]
    [InlineData("hashed:4")]
    [InlineData("hashed:hw")]
    [InlineData("hashed:r4000")]
    [InlineData("mips-hashed:hw")]
    [InlineData("radix:seg39")]
    [InlineData("radix:seg63")]
    [InlineData("radix:seg50:seg51")]
    [InlineData("mips-radix:seg50:r4000")]
    [InlineData("radix:")]
    [InlineData("Radix")]
    public void Other_names_are_none(string name)
    {
        Assert.False(Registry.TryParse(name, out _));
        Assert.False(Registry.TryParse(name, R4000.Instance, out _));
    }

    [Fact]
    public void Every_structure_is_found_by_the_name_that_it_is_listed_with()
    {
        PmapBackend[] all = [.. Registry.Backends(HardwareWalker.Instance), .. Registry.Backends(R4000.Instance)];
        Assert.Equal(8 + 7, all.Select(static backend => backend.Name).Distinct().Count());
        Assert.All(all, static backend =>
        {
            StructureMachine machine = ((StructureBackend)backend).Machine;
            Assert.True(Registry.TryParse(backend.Name, machine, out PmapBackend? found));
            Assert.Equal((backend.Description, ((StructureBackend)backend).Options), (found.Description, ((StructureBackend)found).Options));
        });
    }

    [Fact]
    public void What_may_follow_a_name_is_told_with_its_range()
    {
        Assert.Equal(
            ":N pages an entry, 2 to 32 by powers of two, 16 if left out; :segN address bits, 40 to 62, 48 if left out; :r4000 for :seg40",
            ParametersOf("mips-clustered"));
        Assert.Equal(":segN address bits, 40 to 62, 48 if left out", ParametersOf("hashed"));
        Assert.Equal("", ParametersOf("flat"));
    }

    [Fact]
    public void A_name_that_is_taken_or_none_is_refused()
    {
        var registry = new StructureRegistry();
        TableStructure known = registry.Structures[0];
        Assert.Throws<ArgumentException>(() => registry.Add(known));
        Assert.Equal(8, registry.Structures.Length);
        Assert.Throws<ArgumentException>(() => new StructureBackend(known, R4000.Instance));
        Assert.Throws<ArgumentException>(() => new StructureBackend(known, HardwareWalker.Instance, new(1, 32), "flat"));
    }

    private static string ParametersOf(string name) => ((StructureBackend)Backends.Named(name)).Parameters;
}
