using BsdVm.Snapshots;

namespace BsdVm;

/// <summary>A frame that a rule is about.</summary>
internal readonly record struct FrameSubject(VmPages Pages, PageFrameNumber Frame)
{
    public FrameSubject(VmPages pages, int frame)
        : this(pages, new PageFrameNumber((ulong)frame))
    {
    }

    public override string ToString() => Pages.Describe(Frame).ToString();
}

/// <summary>A page of an object that a rule is about.</summary>
internal readonly record struct PageSubject(VmObject Owner, ulong Index)
{
    public override string ToString() => $"page {Index} of {Owner.Describe()}";
}

/// <summary>A slot of an amap that a rule is about.</summary>
internal readonly record struct SlotSubject(Amap Amap, ulong Slot)
{
    public override string ToString() => $"slot {Slot:x} of {Amap.Describe()}";
}
