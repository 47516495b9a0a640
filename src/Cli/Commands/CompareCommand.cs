using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using BsdVm.Lab;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Cli;

/// <summary><c>compare</c>: traces through table structures.</summary>
internal static class CompareCommand
{
    public static Command Create(Context context)
    {
        var traces = new Argument<string[]>("TRACE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Recorded programs; the one that comes with the tool if left out",
        };
        var maps = new Option<string[]>("--maps")
        {
            Description = "Initial memory in the format of /proc/PID/maps, once a TRACE, in order",
            AllowMultipleArgumentsPerToken = false,
        };
        var child = new Option<string[]>("--child")
        {
            Description = "Lackey's log of a forked child, as PID=LOG, or LOG for the first fork",
            AllowMultipleArgumentsPerToken = false,
        };
        var u64 = new Option<bool>("--u64")
        {
            Description = "TRACE holds little-endian 64-bit words: bits 63..3 the address, bit 0 a store",
        };
        var pages = new Option<bool>("--pages") { Description = "TRACE is a text list of page numbers" };
        var pmap = new Option<string?>("--pmap")
        {
            Description = "Table structures, by name, separated by commas, or all; x86-4level if left out, and without any input every one "
                + "for 64-bit addresses",
        };
        var tlb = new Option<string?>("--tlb") { Description = "TLBs, such as l1=64x64,l2=1536x12,policy=lru" };
        var cost = new Option<string?>("--cost") { Description = "Prices as a JSON file" };
        var fold = new Option<bool>("--fold") { Description = "Moves 4 MB regions for structures that are too narrow" };
        var format = new Option<string?>("--format") { Description = "text, csv or json" };
        var json = new Option<bool>("--json") { Description = "Short for --format json" };
        var noTime = new Option<bool>("--no-time") { Description = "Leaves out what depends on the host's clock" };
        var target = new Option<string?>("--out") { Description = "Writes to a file" };
        var workload = new Option<string[]>("--workload")
        {
            Description = "A synthetic workload, such as zipf:pages=100000,skew=0.9; bsdvm list workloads",
            AllowMultipleArgumentsPerToken = false,
        };
        var pageSize = new Option<string>("--page-size")
        {
            Description = "4k, or promote: full regions become large pages where the structure has them",
            DefaultValueFactory = static _ => "4k",
        };
        var command = new Command(
            "compare",
            "Replays recorded programs on the model and compares page-table structures.\n"
            + "Example: bsdvm compare ls.lackey.gz --maps ls.maps --json")
        {
            traces, maps, child, u64, pages, pmap, tlb, cost, fold, format, json, noTime, target, workload, pageSize,
        };
        command.SetAction(parsed =>
        {
            CompareRequest request = Request(
                parsed.GetValue(traces) ?? [], parsed.GetValue(maps) ?? [], parsed.GetValue(child) ?? [], parsed.GetValue(workload) ?? [],
                FormatOf(parsed.GetValue(u64), parsed.GetValue(pages)),
                parsed.GetValue(pmap), parsed.GetValue(tlb), parsed.GetValue(cost), parsed.GetValue(fold));
            request = WithPageSize(request, parsed.GetValue(pageSize)!, parsed.GetValue(tlb));
            string shape = parsed.GetValue(json) ? "json" : parsed.GetValue(format) ?? "text";
            OutputFile? file = parsed.GetValue(target) is { } name
                ? OutputFile.At(name, [.. parsed.GetValue(traces) ?? [], .. parsed.GetValue(maps) ?? [], parsed.GetValue(cost)])
                : null;
            return Run(context, request, shape, parsed.GetValue(noTime), file);
        });
        return command;
    }

    public static TraceFormat FormatOf(bool isWords, bool isPages) => (isWords, isPages) switch
    {
        (true, true) => throw new UsageException("--u64 and --pages exclude each other"),
        (true, false) => TraceFormat.Words,
        (false, true) => TraceFormat.Pages,
        _ => TraceFormat.Detect,
    };

    private static CompareRequest Request(
        string[] traces, string[] maps, string[] children, string[] workloads, TraceFormat format, string? pmap, string? tlb,
        string? cost, bool fold)
    {
        if (maps.Length > 0 && maps.Length != traces.Length)
        {
            throw new UsageException($"--maps goes once with each TRACE: {maps.Length} for {traces.Length}");
        }

        if (children.Length > 0 && traces.Length != 1)
        {
            throw new UsageException("--child goes with one TRACE");
        }

        List<Workload> synthetic = [.. workloads.Select(Choices.Workload)];
        bool isDefault = traces.Length + synthetic.Count == 0;
        IReadOnlyList<TraceSource> inputs = isDefault
            ? [new TraceSource(null, TraceFormat.Binary, null, DefaultTrace.Open, DefaultTrace.Name)]
            :
            [
                .. traces.Select((trace, index) =>
                    WithChildren(new TraceSource(trace, format, index < maps.Length ? maps[index] : null), children)),
                .. synthetic.Select(static workload => workload.ToInput()),
            ];
        TlbSpecification specification = TlbSpecification.Default;
        if (tlb is not null && !TlbSpecification.TryParse(tlb, out specification, out string problem))
        {
            throw new UsageException("--tlb " + problem);
        }

        IReadOnlyList<PmapBackend> backends = pmap switch
        {
            null => isDefault ? Choices.Compared : [X86Backends.FourLevel],
            "all" => Choices.Pmaps,
            _ => [.. pmap.Split(',').Select(Choices.Pmap).DistinctBy(static backend => backend.Name)],
        };
        return new CompareRequest
        {
            Inputs = inputs,
            Backends = backends,
            Machine = X86Backends.FourLevel,
            Tlb = specification,
            Cost = cost is null ? CostModel.Default : CostFile.Read(cost),
            Fold = fold || (isDefault && pmap == "all"),
            Seed = synthetic.Count > 0 ? synthetic[0].Seed : null,
        };
    }

    private static CompareRequest WithPageSize(CompareRequest request, string pageSize, string? tlb)
    {
        if (pageSize is not ("4k" or "promote"))
        {
            throw Choices.Unknown("page size", pageSize, ["4k", "promote"]);
        }

        if (pageSize == "4k")
        {
            return request;
        }

        // TLBs hold the machine's large pages unless --tlb says what they hold.
        PageSize large = request.Machine!.Capabilities.PageSizes[1];
        bool isSaid = tlb?.Contains("pages=", StringComparison.Ordinal) ?? false;
        TlbSpecification specification = request.Tlb;
        return request with
        {
            PromotesLargePages = true,
            Tlb = isSaid ? specification : new(
                specification.Instruction, specification.Data, specification.Second, specification.Replacement, [PageSize.Base, large],
                specification.IsJoint, specification.WalkCaches),
        };
    }

    private static TraceSource WithChildren(TraceSource trace, string[] children) =>
        trace with { Children = [.. children.Select(ChildOf)] };

    // PID=LOG; a file whose name merely has such a sign in it is a log.
    private static ChildSource ChildOf(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        return sign > 0 && int.TryParse(text.AsSpan(0, sign), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? new ChildSource(id, text[(sign + 1)..])
            : new ChildSource(null, text);
    }

    private static int Run(Context context, CompareRequest request, string shape, bool noTime, OutputFile? target)
    {
        if (shape is not ("text" or "csv" or "json"))
        {
            throw Choices.Unknown("format", shape, ["text", "csv", "json"]);
        }

        CompareResult result = Comparer.Run(
            request, () => context.Terminal.Seconds, (done, total) => context.Terminal.ShowProgress(context.Error, done, total));
        context.Terminal.ClearProgress(context.Error);
        var report = new CompareReport { HasTime = !noTime };
        using var text = new StringWriter();
        switch (shape)
        {
            case "json":
                text.WriteLine(Json(report, result, request.Seed));
                break;
            case "csv":
                report.WriteCsv(text, result);
                break;
            default:
                report.WriteText(text, result);
                break;
        }

        if (target is null)
        {
            context.Output.Write(text);
        }
        else
        {
            target.WriteText(text.ToString());
        }

        return Application.Success;
    }

    private static string Json(CompareReport report, CompareResult result, ulong? seed)
    {
        JsonObject document =
            JsonDocumentWriter.Start("compare", JsonDocumentWriter.Sha256(result.Runs.Select(static run => run.Trace.Sha256)));
        if (seed is not null)
        {
            document["seed"] = seed;
        }

        report.AddTo(document, result);
        return JsonDocumentWriter.Text(document);
    }
}
