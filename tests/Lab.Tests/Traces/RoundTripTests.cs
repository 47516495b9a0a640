using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests.Traces;

/// <summary>
/// Whatever is written in the compact form is read again, for any accesses, calls, processes and sizes of the reader's buffer.
/// </summary>
public class RoundTripTests
{
    private static readonly ulong[] Places = [0, 0x400000, 0x7ffc0000, 0x1ffefff7e8, 0x7fff_ffff_f000, 0xffff_ffff_ffff_f000];
    private static readonly int[] Sizes = [1, 2, 3, 4, 8, 15, 16, 17, 32, 64, 100, 4095, 4096];

    [Property(300, Arbitrary = [typeof(RoundTripTests)])]
    public void What_was_written_is_read(Steps<object> events, bool brotli) =>
        Check(events.Items, new() { Compression = brotli ? TraceCompression.Brotli : TraceCompression.None, Quality = 2 });

    public static Arbitrary<Steps<object>> Events => Steps.Of(Event, 80);

    [Fact]
    public void Several_blocks_of_accesses()
    {
        var random = new System.Random(7);
        object[] events =
        [
            .. Enumerable.Range(0, 70_000).Select(number => (object)(
                number / 50_000, Access(random.Next(4), random.Next(6), random.NextInt64(-5000, 5000), random.Next(13)))),
        ];
        Check(events, new TraceWriterOptions());
    }

    [Fact]
    public void What_was_not_finished_is_no_trace()
    {
        using var output = new MemoryStream();
        using (var writer = new BinaryTraceWriter(output, new TraceWriterOptions()))
        {
            writer.Write([new TraceAccess(new(8), 8, TraceAccessKind.Load)]);
            writer.Write(new BrkCall(0, CallResult.Unknown, 0));
        }

        Assert.Throws<TraceFormatException>(() => TraceContent.Read(output.ToArray(), TraceFormat.Binary));
    }

    private static Gen<object> Event => Gen.Frequency(
        (12, AnyAccess),
        (2, AnyNumber.Four().SelectMany(static n =>
            Gen.Choose(0, 10).Select(which => (object)Call(which, n.Item1, n.Item2, n.Item3, n.Item4)))));

    private static Gen<object> AnyAccess =>
        from process in Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Elements(1, 65535)))
        from kind in Gen.Choose(0, 3)
        from place in Gen.Choose(0, Places.Length - 1)
        from distance in Gen.OneOf(Gen.Choose(-130, 130), Gen.Choose(-40000, 40000), Gen.Choose(int.MinValue, int.MaxValue))
        from size in Gen.Choose(0, Sizes.Length - 1)
        select (object)(process, Access(kind, place, distance, size));

    private static Gen<ulong> AnyNumber => Gen.OneOf(
        Gen.Choose(0, 200).Select(static small => (ulong)small),
        Gen.Elements(Places),
        Gen.Choose(int.MinValue, int.MaxValue).Select(static any => (ulong)any * 0x9E3779B97F4A7C15));

    // An access never passes the top of the address space.
    private static TraceAccess Access(int kind, int place, long distance, int size)
    {
        ulong address = unchecked(Places[place] + (ulong)distance);
        ulong room = unchecked(0 - address);
        int fits = room == 0 ? Sizes[size] : (int)Math.Min((ulong)Sizes[size], room);
        return new TraceAccess(new VirtualAddress(address), fits, (TraceAccessKind)kind);
    }

    private static TraceCall Call(int which, ulong a, ulong b, ulong c, ulong d)
    {
        int process = (int)(a & 0xFFFF);
        CallResult result = (b % 3) switch { 0 => CallResult.Unknown, 1 => CallResult.Success(c), _ => CallResult.Failure(d & 127) };
        string? name = (d & 1) == 0 ? null : "/lib/\u00e9t\u00e9 " + d;
        return which switch
        {
            0 => new MmapCall(process, result, a, b, c, d, (int)a, b, name),
            1 => new MprotectCall(process, result, a, b, c),
            2 => new MunmapCall(process, result, a, b),
            3 => new BrkCall(process, result, a),
            4 => new MremapCall(process, result, a, b, c, d, a),
            5 => new MadviseCall(process, result, a, b, (int)c),
            6 => new ForkCall(process, result, SystemCall.Clone, a, (int)b),
            7 => new ForkCall(process, result, SystemCall.Vfork, 0, -1),
            8 => new ExecveCall(process, result, name ?? "", (d & 2) == 0 ? null : MemoryMapFile.Parse("1000-3000 rw-p 0 0:0 7 /x\n", "x")),
            9 => new Wait4Call(process, result, (int)a, b),
            _ => new ExitCall(process, result, SystemCall.Exit, (int)a),
        };
    }

    private static void Check(IReadOnlyList<object> events, TraceWriterOptions options)
    {
        using var output = new MemoryStream();
        output.Write("before"u8);
        using var writer = new BinaryTraceWriter(output, options);
        foreach (object each in events)
        {
            if (each is TraceCall call)
            {
                writer.Write(call);
            }
            else
            {
                (int process, TraceAccess access) = ((int, TraceAccess))each;
                writer.Write([access], process);
            }
        }

        writer.Finish(new string('a', 64));
        byte[] made = output.ToArray()[6..];
        foreach (int bufferLength in (int[])[1, 5, 40_000])
        {
            TraceContent read = TraceContent.Read(made, TraceFormat.Detect, bufferLength);
            string found = string.Join("; ", read.Events.Take(100));
            Assert.True(events.SequenceEqual(read.Events), $"Read with a buffer of {bufferLength}: {found}");
            Assert.Equal(writer.Counts, read.Counts);
        }
    }
}
