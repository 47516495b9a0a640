using BsdVm.X86;

namespace BsdVm.Bench;

/// <summary>
/// A system with one address space after another on one processor, whose faults go straight to the machine-independent layer.
/// </summary>
internal sealed class BenchKernel
{
    public const ulong Base = 0x10000000;

    public BenchKernel(string anonymous, int frames = 65536)
    {
        System = new VmSystem(new VmConfiguration
        {
            Backend = X86Backends.FourLevel,
            FrameCount = frames,
            CreateAnonymousLayer = system => anonymous == "amap" ? new AmapLayer(system) : new ShadowLayer(system),
        });
        Cpu = System.Machine.Cpus[0];
        FillFrames();
    }

    public VmSystem System { get; }

    public Cpu Cpu { get; }

    public static VirtualAddress Page(int number) => new(Base + ((ulong)number * PageSize.BaseBytes));

    public static AddressRange Pages(int count) => new(new(Base), (ulong)count * PageSize.BaseBytes);

    public VmSpace NewSpace()
    {
        if (!System.TryCreateSpace(new AddressRange(new(0x1000), 0x7FFF_0000_0000), out VmSpace? space))
        {
            throw new InvalidOperationException("No frame for a root table.");
        }

        return space;
    }

    public void Map(VmSpace space, int pages) =>
        space.Map.Insert(new VmMapRequest { Range = Pages(pages), Protection = Protection.ReadWrite });

    public void Switch(VmSpace space) => space.Activate(Cpu);

    public void Touch(VmSpace space, int pages, AccessKind access)
    {
        Switch(space);
        for (int page = 0; page < pages; page++)
        {
            Cpu.Access(Page(page), access, out _);
        }
    }

    /// <summary>Writes every byte of every page, so that copying and zeroing it costs what it costs.</summary>
    public void FillPages(VmSpace space, int pages)
    {
        Switch(space);
        Span<byte> bytes = stackalloc byte[4096];
        bytes.Fill(0x5A);
        for (int page = 0; page < pages; page++)
        {
            Cpu.Store(Page(page), bytes);
        }
    }

    // Frames are recycled in real life: each has been written before.
    private void FillFrames()
    {
        Span<byte> bytes = stackalloc byte[4096];
        bytes.Fill(0xA5);
        for (ulong frame = 2; frame < System.Machine.Memory.FrameCount; frame++)
        {
            System.Machine.Memory.Write(new PageFrameNumber(frame).Address, bytes);
        }
    }
}
