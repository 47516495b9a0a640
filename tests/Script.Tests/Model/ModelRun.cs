using BsdVm.Posix;
using BsdVm.X86;

namespace BsdVm.Script.Tests;

/// <summary>One way to build the model, and scripts run on it.</summary>
public sealed record ModelRun(
    bool Linux,
    string Pmap = "x86-4level",
    string Index = "rbtree",
    string Layer = "",
    CheckMode Check = CheckMode.Every,
    ulong? Forget = null,
    long FailFrame = 0,
    bool Reference = false)
{
    /// <summary>The machine's own tables, or a dictionary that is asked for no more than they can do.</summary>
    public PmapBackend Backend => Reference ? new ReferenceBackend(Tables.Capabilities with { TagBits = 0 }) : Tables;

    private PmapBackend Tables => Pmap == "x86-2level" ? X86Backends.TwoLevel : X86Backends.FourLevel;

    public KernelScriptMachine Build(MachineOptions options)
    {
        string layer = Layer.Length > 0 ? Layer : Linux ? "amap" : "shadow";
        return new KernelScriptMachine(new Kernel(new KernelConfiguration
        {
            Backend = Backend,
            FrameCount = (int)(options.Frames ?? 1024),
            Tlb = options.Tlb ?? TlbSpecification.Default,
            OperatingSystem = Linux ? OperatingSystemKind.Linux : OperatingSystemKind.Bsd,
            Policy = options.Policy == VmPolicy.Lite2 ? VmPolicy.Lite2 : VmPolicy.Corrected,
            CreateAnonymousLayer = system => layer == "amap" ? new AmapLayer(system) : new ShadowLayer(system),
            CreateIndex = minimum => Index == "list" ? new ListIndex(minimum) : new RedBlackIndex(minimum),
            ForksEagerly = options.ForksEagerly ?? false,
            BreakStart = options.Brk?.Value ?? 0x8000000,
            MappingLimit = (int)(options.MapLimit ?? 65530),
            RamBytes = options.Overcommit == ScriptOvercommit.Always ? null : options.RamBytes,
            ForgetSeed = Forget ?? options.Forget,
            FailFrame = FailFrame != 0 ? FailFrame : (long)(options.FailFrame ?? 0),
            Check = Check,
        }));
    }

    public ScriptRunner Run(VmScript script, bool coalesce)
    {
        var runner = new ScriptRunner(script, Build(script.Machine), coalesce);
        runner.RunThrough();
        return runner;
    }
}
