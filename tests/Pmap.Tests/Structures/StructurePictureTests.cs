using BsdVm.Snapshots;
using BsdVm.Tests.Mips;

namespace BsdVm.Tests;

/// <summary>Snapshots and narrated walks of every structure, on both machines, say what the pmap and the walker do.</summary>
public class StructurePictureTests
{
    public static TheoryData<string> Wide =>
    [
        "linear", "radix", "radix:seg62", "hashed", "inverted", "clustered:4", "guarded:1", "guarded:4", "guarded:9", "cuckoo",
        "mips-linear", "mips-radix", "mips-hashed", "mips-inverted", "mips-clustered", "mips-guarded:3", "mips-cuckoo",
    ];

    public static TheoryData<string> All => [.. Wide, "flat"];

    [Theory]
    [MemberData(nameof(All))]
    public void A_snapshot_maps_what_the_pmap_maps(string name)
    {
        var rig = new MipsRig(name);
        Pmap other = rig.NewPmap();
        var random = new Random(3);
        foreach ((int number, ulong page) in Pages(rig, 700).Index())
        {
            Pmap pmap = random.Next(3) == 0 ? other : rig.Pmap;
            bool isWired = random.Next(8) == 0;
            AccessKind? access = random.Next(2) == 0 ? null : AccessKind.Write;
            Assert.Equal(
                PmapStatus.Success, pmap.Enter(MipsRig.Page(page), MipsRig.Frame(number / 2), Protection.ReadWrite, access, isWired));
            if (random.Next(4) == 0)
            {
                pmap.Remove(AddressRange.OfPage(new(page)));
            }
        }

        Assert.Equal(PmapStatus.Success, rig.Pmap.Prepare(MipsRig.Page(0x7_7777)));
        foreach (Pmap pmap in (Pmap[])[rig.Pmap, other])
        {
            long before = rig.System.Counters.TableReferences;
            TableSnapshot snapshot = pmap.Snapshot();
            List<PmapMapping> pages = [.. snapshot.Pages.Select(static page => page.Mapping)];
            Assert.Equal(before, rig.System.Counters.TableReferences);
            Assert.Equal(pmap.Mappings(new(new(0), rig.System.Backend.Capabilities.UserLimit)), pages);
            Assert.True(pages.Count > 100, $"{pages.Count}");
            Assert.Equal(name, snapshot.Backend);
        }
    }

    [Theory]
    [InlineData("flat", typeof(ArraySnapshot))]
    [InlineData("linear", typeof(TreeSnapshot))]
    [InlineData("radix", typeof(TreeSnapshot))]
    [InlineData("guarded", typeof(GuardedSnapshot))]
    [InlineData("hashed", typeof(HashSnapshot))]
    [InlineData("inverted", typeof(HashSnapshot))]
    [InlineData("mips-clustered", typeof(HashSnapshot))]
    [InlineData("cuckoo", typeof(HashSnapshot))]
    public void A_snapshot_has_the_form_of_its_structure(string name, Type kind)
    {
        var rig = new MipsRig(name);
        Assert.IsType(kind, rig.Pmap.Snapshot());
        Assert.Empty(rig.Pmap.Snapshot().Pages);
    }

    // What the entries of a hash table say of themselves is what the store counts.
    [Theory]
    [InlineData("hashed")]
    [InlineData("inverted")]
    [InlineData("clustered:8")]
    [InlineData("cuckoo")]
    public void A_hash_table_has_as_many_entries_as_it_counts(string name)
    {
        var rig = new MipsRig(name);
        rig.EnterAll(Pages(rig, 900));
        var snapshot = Assert.IsType<HashSnapshot>(rig.Pmap.Snapshot());
        PmapTableUse use = rig.Pmap.TableUse;
        Assert.Equal((use.Entries, use.Buckets), (snapshot.Buckets.Sum(static bucket => bucket.Chain.Length), snapshot.BucketCount));
        if (!use.ChainHistogram.IsEmpty)
        {
            Assert.Equal(
                use.ChainHistogram.Skip(1), Enumerable.Range(1, use.ChainHistogram.Length - 1)
                    .Select(length => snapshot.Buckets.LongCount(bucket => bucket.Chain.Length == length)));
        }
    }

    // Every reference that a walk makes is told, and what is told stands in memory; the last words are where the access goes.
    [Theory]
    [MemberData(nameof(All))]
    public void A_narration_has_every_reference_of_the_walk(string name)
    {
        var rig = new MipsRig(name);
        List<ulong> pages = Pages(rig, 600);
        rig.EnterAll(pages);
        foreach (ulong page in pages.Take(60).Append(0x3_0001UL).Append(0x5_5555UL))
        {
            VirtualAddress address = MipsRig.Page(page) + 0x123;
            Mmu view = rig.Pmap.CreateView()!;
            WalkExplanation told = view.Explain(address, AccessKind.Read, PrivilegeMode.User);
            Assert.Equal(0, view.Walks.Walks);
            PhysicalMemory memory = rig.Machine.Memory;
            Assert.All(told.Steps, step => Assert.Equal(
                step.EntryBytes == 8 ? memory.Read64(step.EntryAddress) : memory.Read32(step.EntryAddress), step.Entry));
            bool passes = view.TryWalk(address, AccessKind.Read, PrivilegeMode.User, out ulong translation, out _);
            Assert.Equal((passes, view.Walks.Last.References), (told.Succeeds, told.Steps.Length));
            Assert.Equal(passes ? (translation & TlbFlagsExtensions.PageMask) | 0x123 : 0, told.Physical.Value);
            string found = $"frame {new PhysicalAddress(translation).Frame} ";
            Assert.Equal(passes, told.Steps.Any(step => step.Meaning.Contains(found, StringComparison.Ordinal)));
            Assert.Contains("offset 0x123", told.Split, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_hashed_walk_reads_like_one()
    {
        var rig = new MipsRig("hashed", managedFrames: 64);
        rig.Enter(0x10, 0);
        WalkExplanation walk = rig.Pmap.CreateView()!.Explain(MipsRig.Page(0x10), AccessKind.Write, PrivilegeMode.User);
        Assert.StartsWith("page 0x10 of space 1, bucket 0x", walk.Split, StringComparison.Ordinal);
        Assert.Equal(["head", "chain entry"], walk.Steps.Select(static step => step.Level));
        Assert.Equal($"the chain begins at {walk.Steps[1].EntryAddress}", walk.Steps[0].Meaning);
        Assert.Equal($"page 0x10 of space 1: frame {MipsRig.Frame(0)} rwx", walk.Steps[1].Meaning);
        Assert.Equal($"physical address {MipsRig.Frame(0).Address}, user rwx", walk.Conclusion);
    }

    private static List<ulong> Pages(MipsRig rig, int count)
    {
        int bits = Math.Min(36, System.Numerics.BitOperations.Log2(rig.System.Backend.Capabilities.UserLimit) - 12);
        return MipsRig.RandomPages(21, count, bits);
    }
}
