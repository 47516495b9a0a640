namespace BsdVm.Mips;

/// <summary>
/// The software half of a table structure that is no radix tree: finds, makes and takes away entries in physical memory. Pages are named
/// by tags: the page address, in shared tables with the space number in the low 12 bits. Loads and stores of entries are counted.
/// </summary>
internal abstract class MipsStore
{
    private int _users;

    protected MipsStore(PmapSystem system)
    {
        System = system;
        Memory = system.Machine.Memory;
    }

    /// <summary>Frames in use.</summary>
    public abstract long Frames { get; }

    /// <summary>What the table takes.</summary>
    public abstract PmapTableUse Use { get; }

    /// <summary>Whether one table serves all spaces.</summary>
    public virtual bool IsShared => true;

    /// <summary>Whether the structure holds neighbouring pages together.</summary>
    public virtual bool KeepsOrder => false;

    protected PmapSystem System { get; }

    protected PhysicalMemory Memory { get; }

    /// <summary>What a walker is told, for the space of that number.</summary>
    public abstract TableRegisters Registers(int space);

    /// <summary>Takes the frames that the table begins with. False, and nothing taken, if there are none.</summary>
    public abstract bool TryBegin();

    /// <summary>The PTE of a page; 0 for a place that only is kept for it. False if there is no place.</summary>
    public abstract bool TryRead(ulong tag, out ulong entry);

    /// <summary>Makes a place for a page unless there is one. False, with nothing changed, if frames are missing.</summary>
    public abstract bool TryReserve(ulong tag);

    /// <summary>Writes the PTE of a page that has a place; 0 keeps the place empty.</summary>
    public abstract void Write(ulong tag, ulong entry);

    /// <summary>Takes away a page's place.</summary>
    public abstract void Release(ulong tag);

    /// <summary>Gives back frames that hold nothing, and may arrange the table anew.</summary>
    public abstract void Trim();

    /// <summary>Another pmap uses the table.</summary>
    public void AddUser() => _users++;

    /// <summary>A pmap does not use the table any more; the last one gives it back.</summary>
    public void RemoveUser()
    {
        if (--_users == 0)
        {
            End();
        }
    }

    /// <summary>Gives all frames back.</summary>
    protected abstract void End();

    protected ulong Read(ulong at)
    {
        System.Counters.TableReferences++;
        return Memory.Read64(new(at));
    }

    protected void Put(ulong at, ulong word)
    {
        System.Counters.TableReferences++;
        Memory.Write64(new(at), word);
    }

    /// <summary>Takes adjacent frames, zeroed.</summary>
    protected bool TryTakeFrames(int count, out PhysicalAddress first)
    {
        bool taken = System.Frames.TryAllocate(count, 1, FrameLimit, out PageFrameNumber frame);
        first = frame.Address;
        for (int number = 0; taken && number < count; number++)
        {
            Memory.ZeroFrame(new(frame.Value + (ulong)number));
        }

        System.Counters.AddTableFrames(taken ? count : 0);
        return taken;
    }

    protected void GiveFrames(PhysicalAddress first, int count)
    {
        System.Counters.AddTableFrames(-count);
        System.Frames.Free(first.Frame, count);
    }

    protected static PageFrameNumber FrameLimit => new(1UL << (MipsPte.PhysicalAddressBits - PageSize.Base.Shift));
}
