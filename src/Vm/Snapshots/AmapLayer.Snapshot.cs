using BsdVm.Snapshots;

namespace BsdVm;

public sealed partial class AmapLayer
{
    /// <summary>An anon as it is now.</summary>
    internal AnonSnapshot DescribeAnon(int anon)
    {
        int frame = _anons.FrameOf(anon);
        return new(anon, _anons.RefCountOf(anon), frame == 0 ? null : new PageFrameNumber((ulong)frame));
    }
}
