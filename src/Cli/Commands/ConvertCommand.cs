using System.CommandLine;
using BsdVm.Traces;

namespace BsdVm.Cli;

/// <summary><c>convert</c>: any trace into the compact form.</summary>
internal static class ConvertCommand
{
    public static Command Create(Context context)
    {
        var input = new Argument<string>("IN") { Description = "The trace" };
        var target = new Argument<string>("OUT") { Description = "The file to write" };
        var maps = new Option<string?>("--maps") { Description = "Initial memory in the format of /proc/PID/maps, to be kept in the file" };
        var u64 = new Option<bool>("--u64") { Description = "IN holds 64-bit words" };
        var pages = new Option<bool>("--pages") { Description = "IN is a list of page numbers" };
        var brotli = new Option<bool>("--brotli") { Description = "Smaller by far, slower to read" };
        var command = new Command(
            "convert",
            "Writes a trace in the compact binary form.\nExample: bsdvm convert ls.lackey.gz ls.bvt --maps ls.maps")
        {
            input, target, maps, u64, pages, brotli,
        };
        command.SetAction(parsed => Run(
            context, parsed.GetValue(input)!, parsed.GetValue(target)!, parsed.GetValue(maps),
            CompareCommand.FormatOf(parsed.GetValue(u64), parsed.GetValue(pages)), parsed.GetValue(brotli)));
        return command;
    }

    private static int Run(Context context, string input, string target, string? maps, TraceFormat format, bool brotli)
    {
        using TraceReader reader = TraceReader.Open(input, format);
        var options = new TraceWriterOptions
        {
            InitialMaps = maps is null ? null : MemoryMapFile.Read(maps),
            Compression = brotli ? TraceCompression.Brotli : TraceCompression.None,
        };
        OutputFile file = OutputFile.At(target, input, maps);
        TraceCounts counts = default!;
        long bytes = 0;
        file.Write(output =>
        {
            counts = TraceConverter.Convert(reader, output, options, done =>
                context.Terminal.ShowProgress(context.Error, done, reader.LengthBytes));
            bytes = output.Position;
        });
        context.Terminal.ClearProgress(context.Error);
        context.Output.WriteLine($"{PlainText.Line(target)}: {counts.Accesses} accesses, {counts.Calls} calls, {bytes} bytes");
        return Application.Success;
    }
}
