using BsdVm.Posix;
using BsdVm.Traces;

namespace BsdVm.Lab;

/// <summary>
/// A model machine that lives a recorded program's life: its processes, the calls they made (with the results they got), and every access
/// through the processor. No page contents are written.
/// </summary>
internal sealed partial class ReplayMachine : ITrapHandler
{
    // By the trace's numbers; a thread's is its process again.
    private readonly Dictionary<int, Process> _processes = [];

    private readonly Kernel _kernel;
    private readonly ReplayMemory _memory;
    private Process _current;

    /// <summary>A machine with the trace's first process.</summary>
    /// <param name="backend">Its translation.</param>
    /// <param name="tlb">Its TLBs.</param>
    /// <param name="frameCount">Its memory in frames.</param>
    /// <param name="promotesLargePages">As <see cref="VmConfiguration.PromotesLargePages"/>.</param>
    /// <param name="initialMaps">The first process's memory; null makes all memory demand-zero wherever touched.</param>
    public ReplayMachine(
        PmapBackend backend, TlbSpecification tlb, int frameCount, bool promotesLargePages, IReadOnlyList<MemoryMapEntry>? initialMaps)
    {
        _kernel = new Kernel(new KernelConfiguration
        {
            Backend = backend,
            FrameCount = frameCount,
            Tlb = tlb,
            OperatingSystem = OperatingSystemKind.Linux,
            UserLimit = ulong.MaxValue,
            MappingLimit = int.MaxValue,
            BreakStart = 0,
            StackGrowth = StackGrowth.PageAlone,
            PromotesLargePages = promotesLargePages,
        });
        Cpu = System.Machine.Cpus[0];
        Cpu.TrapHandler = this;
        _current = _kernel.InitialProcess;
        _processes.Add(0, _current);
        if (initialMaps is not null)
        {
            _memory = new ReplayMemory(_kernel);
            _memory.Load(_current, initialMaps);
        }
        else
        {
            var zeros = new DemandZeroMemory(_kernel);
            _memory = zeros;
            zeros.Load(_current);
        }

        Switch(0);
    }

    public VmSystem System => _kernel.Vm;

    public Cpu Cpu { get; }

    /// <summary>Virtual pages that were touched.</summary>
    public PageSet Touched { get; } = new();

    /// <summary>The processes that are left, those too that the trace does not follow.</summary>
    public IReadOnlyList<Process> Processes => _kernel.Processes;

    public long Unmapped { get; private set; }

    public long ProtectionFaults { get; private set; }

    public long StackGrowthPages => _kernel.StackGrowthPages;

    /// <summary>Mapped pages of the processes that are left; the last process keeps its memory when it exits.</summary>
    public long MappedPages => _memory is DemandZeroMemory
        ? Touched.Count
        : Processes.Sum(static process => (long)(process.Space.Map.SizeBytes / PageSize.BaseBytes));

    /// <summary>Makes a process the one that runs.</summary>
    public void Switch(int process)
    {
        if (!_processes.TryGetValue(process, out Process? next))
        {
            throw new InvalidDataException($"process {process} runs before it was made");
        }

        Run(next);
    }

    /// <summary>The second page of an access that straddles two: it must be there too, but no TLB is looked up for it.</summary>
    public void TouchSecondPage(VirtualAddress address, AccessKind access)
    {
        if (!Cpu.Mmu.TryProbe(address, access, PrivilegeMode.User, out _, out MachineFault fault))
        {
            HandleFault(Cpu, in fault);
        }
    }

    /// <summary>The kernel handles the fault; the replay counts, and goes on where a program would have got a signal.</summary>
    public TrapDisposition HandleFault(Cpu cpu, in MachineFault fault)
    {
        Touched.Add(fault.Address.Page.Value);
        if (_kernel.HandleFault(cpu, in fault) == TrapDisposition.Restart)
        {
            return TrapDisposition.Restart;
        }

        switch (_current.Pending)
        {
            case { Signal: Signal.SIGKILL }:
                throw new InvalidDataException($"the trace needs more than the {System.Pages.TotalCount} frames of the model");
            case { Code: SignalCode.NoAccess }:
                ProtectionFaults++;
                break;
            default:
                Unmapped++;
                break;
        }

        return TrapDisposition.Abandon;
    }

    private void Run(Process process)
    {
        _current = process;
        _kernel.Run(process);
    }
}
