using BsdVm.Posix;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>Random operations of two processes that live throughout and a file that exists.</summary>
internal static class OperationGen
{
    private const string File = "data.bin";

    public static readonly ScriptOperation[] Preamble =
    [
        new FileCreateOperation(File, 0x3000, 7),
        new ForkOperation("p2") { Process = VmScript.FirstProcess },
    ];

    public static Gen<ScriptOperation[]> Scripts => Operation.ArrayOf();

    private static Gen<ulong> Number => Gen.OneOf(
        Gen.Choose(0, 9).Select(value => (ulong)value),
        Gen.Choose(0, 0x7000).Select(page => (ulong)page * PageSize.BaseBytes),
        Gen.Choose(int.MinValue, int.MaxValue).Two().Select(pair => ((ulong)(uint)pair.Item1 << 32) | (uint)pair.Item2),
        Gen.Elements(ulong.MaxValue, 0xfffffffffffff000, 0x8000000000000000));

    private static Gen<VirtualAddress> Address => Number.Select(value => new VirtualAddress(value));

    private static Gen<byte> Byte => Gen.Choose(0, 255).Select(value => (byte)value);

    private static Gen<ByteString> Bytes => Byte.ArrayOf().Select(bytes => new ByteString(bytes));

    private static Gen<bool> Bool => Gen.Elements(true, false);

    private static Gen<Protection> Rights => Gen.Choose(0, 7).Select(bits => (Protection)bits);

    private static Gen<ScriptResult?> Expectation => Gen.OneOf(
        Gen.Constant<ScriptResult?>(null),
        Gen.Elements("ok", "ENOMEM", "EINVAL", "SIGBUS", "SIGSEGV", "gone", "BADBYTE:0x0f")
            .Select(word => (ScriptResult?)ScriptResult.Named(word)));

    private static Gen<ScriptSource> Source => Gen.OneOf(
        Gen.Constant(ScriptSource.Anonymous),
        from offset in Number
        from readOnly in Bool
        select new ScriptSource(File, offset, readOnly));

    private static Gen<ProcessOperation> Mapping => Gen.OneOf<ProcessOperation>(
        from address in Address
        from any in Bool
        from length in Number
        from rights in Rights
        from shared in Bool
        from source in Source
        from flags in Gen.Choose(0, 3)
        select (ProcessOperation)new MmapOperation(
            any ? null : address, length, rights, shared, source, (flags & 1) != 0 && !any, (flags & 2) != 0),
        Ranged((address, length) => new MunmapOperation(address, length)),
        from address in Address
        from length in Number
        from rights in Rights
        select (ProcessOperation)new MprotectOperation(address, length, rights),
        from address in Address
        from length in Number
        from target in Address
        from kind in Gen.Choose(0, 2)
        select (ProcessOperation)new MremapOperation(address, length, length / 3, kind == 1, kind == 2 ? target : null),
        Ranged((address, length) => new MapsOperation(address, length)),
        Gen.Constant<ProcessOperation>(new MapsOperation()),
        Address.Select(address => (ProcessOperation)new BrkOperation(address)),
        Gen.Choose(int.MinValue + 1, int.MaxValue).Select(delta => (ProcessOperation)new SbrkOperation(delta)));

    private static Gen<ProcessOperation> Ranges => Gen.OneOf<ProcessOperation>(
        Ranged((address, length) => new MlockOperation(address, length)),
        Ranged((address, length) => new MunlockOperation(address, length)),
        Ranged((address, length) => new MincoreOperation(address, length)),
        Choice<MsyncMode>((address, length, mode) => new MsyncOperation(address, length, mode)),
        Choice<MadviseKind>((address, length, advice) => new MadviseOperation(address, length, advice)),
        Choice<VmInheritance>((address, length, inheritance) => new MinheritOperation(address, length, inheritance)));

    private static Gen<ProcessOperation> Accesses => Gen.OneOf<ProcessOperation>(
        Ranged((address, length) => new LoadOperation(address, length % LoadOperation.LongestBytes)),
        Bytes.Zip(Address).Select(pair => (ProcessOperation)new StoreOperation(pair.Item2, pair.Item1)),
        Byte.Zip(Address).Select(pair => (ProcessOperation)new FillOperation(pair.Item2, 5, pair.Item1)),
        Address.Select(address => (ProcessOperation)new FetchOperation(address)),
        Ranged((address, length) => new PreadOperation(File, length, address, length)),
        Ranged((address, length) => new PwriteOperation(File, length, address, length)));

    private static Gen<ScriptOperation> OfProcess =>
        from operation in Gen.OneOf(Mapping, Ranges, Accesses)
        from process in Gen.Elements(VmScript.FirstProcess, "p2")
        from cpu in Gen.Elements<int?>(null, 0)
        from expected in Expectation
        select (ScriptOperation)(operation with { Process = process, Cpu = cpu, Expected = expected });

    private static Gen<ScriptOperation> OfFile => Gen.OneOf(
        Bytes.Zip(Number).Select(pair => (ScriptOperation)new FileWriteOperation(File, pair.Item2, pair.Item1)),
        Bytes.Zip(Number).Select(pair =>
            (ScriptOperation)new FileReadOperation(File, pair.Item2, 5) { Expected = new BytesResult(pair.Item1) }),
        Number.Select(size => (ScriptOperation)new FileTruncateOperation(File, size)));

    private static Gen<ScriptOperation> Operation => Gen.Frequency((5, OfProcess), (1, OfFile));

    private static Gen<ProcessOperation> Ranged(Func<VirtualAddress, ulong, ProcessOperation> make) =>
        Address.Zip(Number).Select(pair => make(pair.Item1, pair.Item2));

    private static Gen<ProcessOperation> Choice<T>(Func<VirtualAddress, ulong, T, ProcessOperation> make)
        where T : struct, Enum =>
        from address in Address
        from length in Number
        from choice in Gen.Elements(Enum.GetValues<T>())
        select make(address, length, choice);
}
