using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// The software half of a table structure that is no radix tree: finds, makes and takes away entries in physical memory. Pages are named
/// by tags. Loads and stores of entries are counted.
/// </summary>
public abstract class TableStore
{
    /// <summary>A store that has taken nothing yet.</summary>
    /// <param name="system">The machine's pmaps, whose frames and counters it uses.</param>
    protected TableStore(PmapSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        System = system;
        Memory = system.Machine.Memory;
    }

    /// <summary>Frames in use.</summary>
    public abstract long Frames { get; }

    /// <summary>What the table takes.</summary>
    public abstract PmapTableUse Use { get; }

    /// <summary>Whether one table serves all spaces. It must not change.</summary>
    public virtual bool IsShared => false;

    /// <summary>Whether the structure holds neighbouring pages together.</summary>
    public virtual bool KeepsOrder => false;

    /// <summary>The machine's pmaps.</summary>
    protected PmapSystem System { get; }

    /// <summary>Where the table is.</summary>
    protected PhysicalMemory Memory { get; }

    /// <summary>What a walker is told, for the space of that number. It must not change while a processor may have it.</summary>
    public abstract TableRegisters Registers(int space);

    /// <summary>Takes the frames that the table begins with. False, and nothing taken, if there are none.</summary>
    public abstract bool TryBegin();

    /// <summary>The <see cref="TablePte"/> of a page; 0 for a place that only is kept for it. False if there is no place.</summary>
    public abstract bool TryRead(PageTag tag, out ulong entry);

    /// <summary>Makes a place for a page unless there is one. False, with nothing changed, if frames are missing.</summary>
    public abstract bool TryReserve(PageTag tag);

    /// <summary>Writes the <see cref="TablePte"/> of a page that has a place; 0 keeps the place empty.</summary>
    public abstract void Write(PageTag tag, ulong entry);

    /// <summary>Takes away a page's place, if it has one.</summary>
    public abstract void Release(PageTag tag);

    /// <summary>Gives back frames that hold nothing, and may arrange the table anew.</summary>
    public abstract void Trim();

    /// <summary>Gives all frames back.</summary>
    public abstract void End();

    /// <summary>Loads the first word of an entry, which counts as one reference.</summary>
    protected ulong Read(ulong at)
    {
        System.Counters.TableReferences++;
        return Memory.Read64(new(at));
    }

    /// <summary>Stores the first word of an entry, which counts as one reference.</summary>
    protected void Put(ulong at, ulong word)
    {
        System.Counters.TableReferences++;
        Memory.Write64(new(at), word);
    }

    /// <summary>Takes adjacent frames, zeroed and counted. False if there are none.</summary>
    protected bool TryTakeFrames(int count, out PhysicalAddress first)
    {
        bool taken = System.Frames.TryAllocate(count, 1, TablePte.FrameLimit, out PageFrameNumber frame);
        first = frame.Address;
        for (int number = 0; taken && number < count; number++)
        {
            Memory.ZeroFrame(new(frame.Value + (ulong)number));
        }

        System.Counters.AddTableFrames(taken ? count : 0);
        return taken;
    }

    /// <summary>Gives back frames that were taken together.</summary>
    protected void GiveFrames(PhysicalAddress first, int count)
    {
        System.Counters.AddTableFrames(-count);
        System.Frames.Free(first.Frame, count);
    }
}
