namespace BsdVm;

/// <summary>
/// How private memory is kept apart: an entry has an upper, anonymous layer over a lower object, and a page is taken from the upper one
/// if it has it (the four cases of UVM's fault diagram). Two implementations: shadow chains of objects (4.4BSD) and amaps of anons (UVM).
/// One serves all maps of a system. All ranges are page aligned and lie inside the entry. Entries and objects are valid during the call
/// only: both are used again for others afterwards.
/// </summary>
public abstract class AnonymousLayer
{
    /// <summary>A layer of <paramref name="system"/>.</summary>
    protected AnonymousLayer(VmSystem system) => System = system;

    /// <summary>The name that <c>--anon</c> takes.</summary>
    public abstract string Name { get; }

    /// <summary>Pages that the layer's own pager holds: none, where pages belong to objects.</summary>
    public virtual int StoredCount => 0;

    /// <summary>The system that it serves.</summary>
    protected VmSystem System { get; }

    /// <summary>Finds the page that an access to <paramref name="address"/> would see, upper layer first.</summary>
    public abstract void Search(VmMapEntry entry, VirtualAddress address, out FaultPage found);

    /// <summary>
    /// Before a store to a private entry: makes its upper layer its own, so that a page put there is seen by this entry (and those that
    /// share the upper layer on purpose) alone. Takes no frame. Afterwards <see cref="VmMapEntry.NeedsCopy"/> is false.
    /// </summary>
    public abstract void MakeOwn(VmMapEntry entry);

    /// <summary>
    /// Puts a loose frame into the upper layer, which is the entry's own (or, for a shared entry, into its object). It hides what
    /// <paramref name="replaced"/> says was seen there. Others that share the layer lose their mappings of what is now hidden.
    /// </summary>
    public abstract void Insert(VmMapEntry entry, VirtualAddress address, PageFrameNumber frame, in FaultPage replaced);

    /// <summary>
    /// Whether the shared page of zeros may stand for an untouched page: nobody else can put a page into the same upper layer.
    /// </summary>
    public abstract bool MayMapZero(VmMapEntry entry);

    /// <summary>Whether a private entry has an upper layer, which the first attempt to write it made.</summary>
    public abstract bool HasOwn(VmMapEntry entry);

    /// <summary>
    /// Fork with copy inheritance, lazily: both see what the parent sees now, and no later store of the other. Not for upper layers that
    /// are shared.
    /// </summary>
    public abstract void ForkCopy(VmMapEntry parent, VmMapEntry child);

    /// <summary>Fork with share inheritance: both have the same upper layer from now on.</summary>
    public abstract void ForkShare(VmMapEntry parent, VmMapEntry child);

    /// <summary>
    /// Whether others than clips of the same mapping put pages into this entry's upper layer: a lazy copy would see their stores.
    /// </summary>
    public abstract bool IsUpperShared(VmMapEntry entry);

    /// <summary>Gives the child an upper layer of its own, into which copies will be put, over the same lower object.</summary>
    public abstract void ForkEmpty(VmMapEntry parent, VmMapEntry child);

    /// <summary>A new entry got the rear part of another one: both now hold what the front held. Start and end are set already.</summary>
    public abstract void Clip(VmMapEntry front, VmMapEntry rear);

    /// <summary>Whether two adjacent entries see one continuous layer, so that they may become one; joins their layers if so.</summary>
    public abstract bool TryJoin(VmMapEntry front, VmMapEntry rear);

    /// <summary>
    /// The entry grows upwards by the bytes given, into memory that must read as zeros or, with a file, as the file. False if its layer
    /// cannot.
    /// </summary>
    public abstract bool TryExtend(VmMapEntry entry, ulong bytes);

    /// <summary>The entry grows downwards: pages are put below what it had.</summary>
    public abstract bool TryExtendDown(VmMapEntry entry, ulong bytes);

    /// <summary>The entry goes: what only it could reach is freed. Its mappings are gone already.</summary>
    public abstract void Release(VmMapEntry entry);

    /// <summary>Private pages of a range are forgotten: the lower object, or zeros, show again. Mappings are gone already.</summary>
    public abstract void Drop(VmMapEntry entry, AddressRange range);

    /// <summary>
    /// Writes an unmapped, unwired page of the layer to its pager and frees its frame. False if it is not a page of anonymous memory.
    /// </summary>
    public abstract bool TryPageOut(PageFrameNumber frame);

    /// <summary>Puts the frame of a transfer that has just begun into its place, busy.</summary>
    public abstract void BeginPageIn(in FaultPage page, PageFrameNumber frame);

    /// <summary>The transfer is over: the page stays, clean, or the frame is taken out again and freed.</summary>
    public abstract void EndPageIn(PageFrameNumber frame, bool succeeded);

    /// <summary>Checks the layer's own rules.</summary>
    /// <exception cref="InvariantViolationException">With the rule's name.</exception>
    public virtual void CheckInvariants()
    {
    }
}
