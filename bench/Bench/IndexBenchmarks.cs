using BenchmarkDotNet.Attributes;
using BsdVm.X86;

namespace BsdVm.Bench;

/// <summary>Look-ups of random addresses among entries that cannot join (row B2: where do list and tree cross over?).</summary>
[InProcess]
public class IndexBenchmarks
{
    private const int LookUps = 1024;

    private readonly VirtualAddress[] _addresses = new VirtualAddress[LookUps];
    private VmMap _map = null!;

    [Params("list", "rbtree")]
    public string Index { get; set; } = "rbtree";

    [Params(10, 100, 10000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var system = new VmSystem(new VmConfiguration
        {
            Backend = X86Backends.FourLevel,
            CreateIndex = minimum => Index == "list" ? new ListIndex(minimum) : new RedBlackIndex(minimum),
        });
        system.TryCreateSpace(new AddressRange(new(0x1000), 0x7FFF_0000_0000), out VmSpace? space);
        _map = space!.Map;
        for (int i = 0; i < Entries; i++)
        {
            var range = new AddressRange(new(0x10000000 + ((ulong)i * 2 * PageSize.BaseBytes)), PageSize.BaseBytes);
            _map.Insert(new VmMapRequest { Range = range, Protection = Protection.Read });
        }

        var random = new Random(1);
        for (int i = 0; i < LookUps; i++)
        {
            _addresses[i] = new(0x10000000 + ((ulong)random.Next(Entries) << 13));
        }
    }

    [Benchmark(OperationsPerInvoke = LookUps)]
    public int LookUp()
    {
        int found = 0;
        foreach (VirtualAddress address in _addresses)
        {
            found += _map.Lookup(address) is null ? 0 : 1;
        }

        return found;
    }
}
