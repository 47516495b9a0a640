using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>
/// The plain walk, the quick one and the one by walk caches, warm and cold, on memory full of random tables: the same translations, page
/// sizes and faults, and the same accessed and dirty bits afterwards.
/// </summary>
public class WalkAgreementTests
{
    private const int Images = 40;
    private const int Queries = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TwoLevelWalksAgree(int seed) => Compare<X86TwoLevel>(seed);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void PaeWalksAgree(int seed) => Compare<X86Pae>(seed);

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void FourLevelWalksAgree(int seed) => Compare<X86FourLevel>(seed);

    private static void Compare<TFormat>(int seed)
        where TFormat : struct, IX86Format
    {
        var random = new Random(seed);
        var seen = new Seen();
        for (int image = 0; image < Images; image++)
        {
            var drawn = WalkCase.Draw(random, TFormat.Levels, queries: 0);
            var walkers = new Walkers<TFormat>(drawn);
            if (walkers.IsLoaded)
            {
                MakeQueries(walkers, random, seen, $"seed {seed}, image {image}");
            }
        }

        Assert.True(seen.Large > 50 && seen.Small > 1000, $"{seen}");
        Assert.True(seen.Warm > 500, $"{seen}");
        Assert.True(seen.Protection > 300 && seen.NotPresent > 300 && seen.Reserved > 300, $"{seen}");
    }

    private static void MakeQueries<TFormat>(Walkers<TFormat> walkers, Random random, Seen seen, string where)
        where TFormat : struct, IX86Format
    {
        // Few regions, many pages in each: so the walk caches have something to answer.
        ulong[] regions = [.. Enumerable.Range(0, 12).Select(_ => RandomImage.Query(random, TFormat.Levels).Address)];
        for (int query = 0; query < Queries; query++)
        {
            ulong address = regions[random.Next(regions.Length)] ^ (random.Next(3) == 0 ? 0 : (ulong)random.Next(1 << 20));
            walkers.Compare(new(address), (AccessKind)random.Next(3), (PrivilegeMode)random.Next(2), seen, $"{where}, query {query}");
            if (random.Next(40) == 0)
            {
                walkers.FlipBit(random);
            }
        }

        walkers.CompareMemories(where);
    }

    /// <summary>Four walkers, each on a memory of its own.</summary>
    private sealed class Walkers<TFormat>
        where TFormat : struct, IX86Format
    {
        private readonly PhysicalMemory[] _memories;
        private readonly X86Mmu<TFormat> _plain;
        private readonly X86Mmu<TFormat> _quick;
        private readonly X86Mmu<TFormat> _warm;
        private readonly X86Mmu<TFormat> _cold;

        public Walkers(WalkCase drawn)
        {
            _memories = [drawn.MakeMemory(), drawn.MakeMemory(), drawn.MakeMemory(), drawn.MakeMemory()];
            X86Mmu<TFormat>[] walkers = [.. _memories.Select(static memory => new X86Mmu<TFormat>(memory))];
            (_plain, _quick, _warm, _cold) = (walkers[0], walkers[1], walkers[2], walkers[3]);
            _warm.UseWalkCaches([8, 3, 2]);
            _cold.UseWalkCaches([8, 3, 2]);
            IsLoaded = walkers.Count(walker => walker.TryLoad(drawn.Registers)) == walkers.Length;
        }

        public bool IsLoaded { get; }

        public void Compare(VirtualAddress address, AccessKind access, PrivilegeMode mode, Seen seen, string where)
        {
            bool done = _plain.TryWalkPlainly(address, access, mode, isReal: true, known: 0, out ulong translation, out MachineFault fault);
            var expected = (done, translation, fault, done ? _plain.LastPageShift : 0);
            where = $"{where}: {access} by {mode} at {address}, {typeof(TFormat).Name}";
            int shortest = int.MaxValue;
            foreach ((string name, X86Mmu<TFormat> walker) in new[] { ("quick", _quick), ("warm", _warm), ("cold", _cold) })
            {
                if (walker == _cold)
                {
                    walker.Flush(keepGlobal: false);
                }

                bool walked = walker.TryWalk(address, access, mode, out ulong found, out MachineFault refused);
                var actual = (walked, found, refused, walked ? walker.LastPageShift : 0);
                Assert.True(expected == actual, $"{where}: {name} {actual}, plain {expected}.");
                Assert.True(
                    walker == _warm || fault.Reason == FaultReason.AddressRange
                        || walker.Walks.LastReferences == _plain.Walks.LastReferences,
                    $"{where}: {name} {walker.Walks.LastReferences} references, plain {_plain.Walks.LastReferences}.");
                shortest = Math.Min(shortest, walker.Walks.LastReferences);
            }

            seen.Note(fault.Reason, done ? _plain.LastPageShift : 0, isWarm: done && shortest < _plain.Walks.LastReferences);
        }

        // As a kernel changes a table: the walkers that remember are told.
        public void FlipBit(Random random)
        {
            var at = new PhysicalAddress((ulong)random.NextInt64((long)_memories[0].LengthBytes) & ~7UL);
            ulong bit = 1UL << random.Next(64);
            foreach (PhysicalMemory memory in _memories)
            {
                memory.Write64(at, memory.Read64(at) ^ bit);
            }

            _warm.Invalidate(default, _warm.Tag);
        }

        public void CompareMemories(string where)
        {
            for (ulong frame = 0; frame < RandomImage.Frames; frame++)
            {
                ReadOnlySpan<byte> plain = _memories[0].Frame(new(frame));
                for (int other = 1; other < _memories.Length; other++)
                {
                    bool equal = plain.SequenceEqual(_memories[other].Frame(new(frame)));
                    Assert.True(
                        equal, $"{where}, frame {frame}: accessed or dirty bits of {new[] { "", "quick", "warm", "cold" }[other]} differ.");
                }
            }
        }
    }

    /// <summary>What the queries came upon: random tables must not all end the same way.</summary>
    private sealed record Seen
    {
        public int Small { get; private set; }

        public int Large { get; private set; }

        public int Warm { get; private set; }

        public int Protection { get; private set; }

        public int NotPresent { get; private set; }

        public int Reserved { get; private set; }

        public void Note(FaultReason reason, int pageShift, bool isWarm)
        {
            Small += pageShift == PageSize.Base.Shift ? 1 : 0;
            Large += pageShift > PageSize.Base.Shift ? 1 : 0;
            Warm += isWarm ? 1 : 0;
            Protection += reason == FaultReason.Protection ? 1 : 0;
            NotPresent += reason == FaultReason.NotPresent ? 1 : 0;
            Reserved += reason == FaultReason.ReservedBit ? 1 : 0;
        }
    }
}
