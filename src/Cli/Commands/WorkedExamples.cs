using BsdVm.X86;

namespace BsdVm.Cli;

/// <summary>The worked numbers of address translation, with the frames they name, on tables made for the purpose.</summary>
internal static class WorkedExamples
{
    private static readonly ulong[] PagesOfA4 = [0, 1, 2, 0x100];

    // The textbook's page, and the seven of the seed.
    private static readonly (ulong Page, ulong Frame)[] PagesOfA3 =
        [(0x7, 0x2), (0, 0x1234), (1, 0x1235), (2, 0x1236), (0x100, 0x1237), (0xFFF, 0xFFF), (0x80000, 0), (0xFFFFF, 0x4000)];

    public static int Write(TextWriter output, string name)
    {
        switch (name)
        {
            case "A3":
                LinearTable(output);
                break;
            case "A4":
                output.WriteLine("IA-32 two-level tables: a directory and a table are 1024 entries of 4 bytes, one frame each.");
                output.WriteLine();
                Walk(output, [.. PagesOfA4.Select(static (page, index) => (page, 0x1234UL + (ulong)index))], 0x00100ABC);
                LargePages(output);
                break;
            case "A5":
                output.WriteLine("ARMv7 short descriptors: PMem[addr/4] = addr + 0x10000, TTBR0 = 0.");
                output.WriteLine();
                Exercise(output);
                break;
            default:
                throw Choices.Unknown("--worked", name, ["A3", "A4", "A5"]);
        }

        return Application.Success;
    }

    private static void LinearTable(TextWriter output)
    {
        output.WriteLine("A linear table: the page number picks the entry, the frame number comes out, the offset is kept.");
        output.WriteLine("2^20 entries of 4 bytes are 4 MB a process, in 1024 adjacent frames; 100 processes 400 MB.");
        output.WriteLine();
        var table = new LinearExample();
        ulong[] addresses = [0x00007468, 0x00100ABC, 0x00FFFABC, 0x80000ABC, 0xFFFFFABC];
        foreach ((ulong page, ulong frame) in PagesOfA3)
        {
            output.WriteLine($"page 0x{page:x} is in frame 0x{frame:x}");
            table.Map(page, frame);
        }

        foreach (ulong address in addresses)
        {
            output.WriteLine();
            WalkView.WriteText(output, table.Explain(new(address)));
        }

        table.Store(new(0x00100ABC), (byte)'A');
        output.WriteLine();
        output.WriteLine($"After a store of the byte 'A' to 0x100abc a load gives '{(char)table.Load(new(0x00100ABC))}'.");
        output.WriteLine("One entry and the word itself: a table of one level doubles the references of a load, two levels triple them.");
    }

    private static void Walk(TextWriter output, (ulong Page, ulong Frame)[] mappings, ulong address)
    {
        Pmap pmap = NewPmap();
        foreach ((ulong page, ulong frame) in mappings)
        {
            output.WriteLine($"page 0x{page:x} is in frame 0x{frame:x}");
            pmap.Enter(new PageNumber(page).Address, new(frame), Protection.ReadWrite, null, wired: false);
        }

        WalkView.WriteText(output, pmap.CreateView()!.Explain(new(address), AccessKind.Read, PrivilegeMode.User));
        output.WriteLine();
    }

    private static void LargePages(TextWriter output)
    {
        var pmap = (X86Pmap<X86TwoLevel>)NewPmap();
        for (ulong region = 0; region < 4; region++)
        {
            pmap.TryEnterLarge(new(region << 22), new(region << 22), X86EntryFlags.Writable | X86EntryFlags.User);
        }

        output.WriteLine($"With 4 MB pages alone, 16 MB are mapped by {pmap.TableFrames} frame of table.");
        WalkView.WriteText(output, pmap.CreateView()!.Explain(new(0x00C0_1234), AccessKind.Read, PrivilegeMode.User));
    }

    private static void Exercise(TextWriter output)
    {
        PhysicalMemory memory = ArmExercise.CreateMemory(0x30);
        var address = new VirtualAddress(0x12345678);
        output.WriteLine("By the arithmetic alone, type bits not looked at:");
        WalkView.WriteText(output, ArmExercise.Arithmetic(memory, address));
        output.WriteLine();
        output.WriteLine("As real descriptors:");
        WalkView.WriteText(output, ArmExercise.Descriptors(memory, address));
    }

    // Frames 0x1234 and up exist, tables come from the lowest ones.
    private static Pmap NewPmap()
    {
        var machine = new Machine(0x4000, 1, TlbSpecification.Default, X86Backends.TwoLevel.CreateMmu);
        var system = new PmapSystem(machine, X86Backends.TwoLevel, new LowFrames());
        return system.TryCreate(out Pmap? pmap) ? pmap : throw new InvalidOperationException("No frame for a root table.");
    }

    private sealed class LowFrames : IFrameSource
    {
        private ulong _next = 0x100;

        public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
        {
            first = new(_next);
            _next += (ulong)count;
            return true;
        }

        public void Free(PageFrameNumber first, int count)
        {
        }
    }
}
