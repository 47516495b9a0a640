namespace BsdVm.Posix;

public sealed partial class Process
{
    private const byte ReturnInstruction = 0xC3;

    private VmStatus _failure;
    private ulong _failureAddress;

    /// <summary>Loads bytes, lowest address first.</summary>
    public AccessResult Load(ulong address, Span<byte> destination)
    {
        Begin();
        return Finish(Dispatch().Load(new(address), destination), destination.Length);
    }

    /// <summary>Stores bytes, lowest address first; those ahead of one that faults are stored.</summary>
    public AccessResult Store(ulong address, ReadOnlySpan<byte> source)
    {
        Begin();
        return Finish(Dispatch().Store(new(address), source), source.Length);
    }

    /// <summary>Stores one byte many times, lowest address first.</summary>
    public AccessResult Fill(ulong address, ulong lengthBytes, byte value)
    {
        Begin();
        Cpu cpu = Dispatch();
        Span<byte> page = stackalloc byte[(int)PageSize.BaseBytes];
        page.Fill(value);
        ulong done = 0;
        while (done < lengthBytes)
        {
            int piece = PieceLength(unchecked(address + done), lengthBytes - done);
            int stored = cpu.Store(new(unchecked(address + done)), page[..piece]);
            done += (ulong)stored;
            if (stored < piece)
            {
                return new(EndAccess(), done);
            }
        }

        _kernel.EndStep();
        return new(Signal.None, done);
    }

    /// <summary>Fetches one instruction, of which only x86's <c>ret</c> (0xC3) is known.</summary>
    public AccessResult Fetch(ulong address)
    {
        Begin();
        Cpu cpu = Dispatch();
        if (!cpu.Access(new(address), AccessKind.Execute, out PhysicalAddress physical))
        {
            return new(EndAccess(), 0);
        }

        Span<byte> instruction = stackalloc byte[1];
        cpu.Memory.Read(physical, instruction);
        _kernel.EndStep();
        return instruction[0] == ReturnInstruction ? new(Signal.None, 1) : new(Signal.None, 1, instruction[0]);
    }

    /// <summary>
    /// Lets the process run on its processor, for callers that make accesses there by themselves; each one that is abandoned is to be followed
    /// by <see cref="EndAccess"/>.
    /// </summary>
    public Cpu Dispatch() => _kernel.Dispatch(this);

    /// <summary>What the access just abandoned becomes. SIGKILL has ended the process.</summary>
    public Signal EndAccess()
    {
        Signal signal = Personality.SignalOf(Memory, _failure, _failureAddress);
        if (signal == Signal.SIGKILL)
        {
            Leave(signal);
        }

        _kernel.EndStep();
        return signal;
    }

    internal void NoteFailure(VmStatus status, ulong address)
    {
        _failure = status;
        _failureAddress = address;
    }

    private static int PieceLength(ulong address, ulong rest) =>
        (int)Math.Min(rest, PageSize.BaseBytes - (address & PageSize.Base.OffsetMask));

    private AccessResult Finish(int done, int length)
    {
        if (done < length)
        {
            return new(EndAccess(), (ulong)done);
        }

        _kernel.EndStep();
        return new(Signal.None, (ulong)done);
    }
}
