namespace BsdVm.Posix;

public abstract partial class Process
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
            int piece = (int)Math.Min(lengthBytes - done, PageSize.BaseBytes - PageSize.Base.OffsetIn(at));
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

    private Cpu Begin()
    {
        Pending = default;
        return Kernel.Run(this);
    }

    private AccessResult End(ulong done)
    {
        if (Pending.Signal == Signal.SIGKILL)
        {
            EndedBy = Signal.SIGKILL;
            End();
        }

        return new AccessResult(Pending.Signal, done);
    }
}
