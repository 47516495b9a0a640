namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>Loads bytes, lowest address first.</summary>
    public AccessResult Load(ulong address, Span<byte> destination)
    {
        Cpu cpu = Begin();
        return End((ulong)cpu.Load(new(address), destination));
    }

    /// <summary>Stores bytes, lowest address first; those ahead of one that faults are stored.</summary>
    public AccessResult Store(ulong address, ReadOnlySpan<byte> source)
    {
        Cpu cpu = Begin();
        return End((ulong)cpu.Store(new(address), source));
    }

    /// <summary>Stores one byte over and over.</summary>
    public AccessResult Fill(ulong address, ulong lengthBytes, byte value)
    {
        Cpu cpu = Begin();
        Span<byte> bytes = stackalloc byte[(int)PageSize.BaseBytes];
        bytes.Fill(value);
        ulong done = 0;
        while (done < lengthBytes)
        {
            ulong at = unchecked(address + done);
            int piece = (int)Math.Min(lengthBytes - done, PageSize.BaseBytes - (at & PageSize.Base.OffsetMask));
            int stored = cpu.Store(new(at), bytes[..piece]);
            done += (ulong)stored;
            if (stored < piece)
            {
                break;
            }
        }

        return End(done);
    }

    /// <summary>Fetches one instruction byte.</summary>
    /// <param name="address">Where.</param>
    /// <param name="instruction">The byte there, if the fetch succeeded.</param>
    public AccessResult Fetch(ulong address, out byte instruction)
    {
        Cpu cpu = Begin();
        instruction = 0;
        if (cpu.Access(new(address), AccessKind.Execute, out PhysicalAddress physical))
        {
            instruction = Vm.Machine.Memory.Read8(physical);
            return End(1);
        }

        return End(0);
    }

    /// <summary>A fault below a stack makes it grow, if its limit and what lies below allow it.</summary>
    internal bool TryGrowStack(VirtualAddress address)
    {
        const ulong LimitBytes = 8UL << 20;
        VmMapEntry? stack = Map.FirstFrom(address);
        if (stack is not { GrowsDown: true } || stack.Start <= address)
        {
            return false;
        }

        // Source: Linux stack_guard_gap, 256 pages; FreeBSD security.bsd.stack_guard_page, 1 page.
        ulong gap = (Kernel.IsLinux ? 256UL : 1UL) << PageSize.Base.Shift;
        var start = new VirtualAddress(RoundDown(address.Value));
        bool isTooClose = stack.Previous is { GrowsDown: false } below && below.Protection != Protection.None && start - below.End < gap;
        if (isTooClose || StackTop(stack) - start > LimitBytes)
        {
            return false;
        }

        if (Map.GrowDown(stack, start) != VmStatus.Success)
        {
            return false;
        }

        if (Vmas is not null && Vmas.IndexFrom(address.Value) is var index && index < Vmas.Count)
        {
            Vmas.GrowDown(index, start.Value);
        }

        return true;
    }

    // A stack whose layer could not grow continues in entries above.
    private static VirtualAddress StackTop(VmMapEntry stack)
    {
        VmMapEntry top = stack;
        while (top.Next is { } next && next.Start == top.End && next.Protection == stack.Protection && next.Object is null == stack.Object is null)
        {
            top = next;
        }

        return top.End;
    }

    private Cpu Begin()
    {
        Pending = Signal.None;
        return Kernel.Switch(this);
    }

    private AccessResult End(ulong done)
    {
        if (Pending == Signal.SIGKILL)
        {
            EndedBy = Signal.SIGKILL;
            End();
        }

        return new AccessResult(Pending, done);
    }
}
