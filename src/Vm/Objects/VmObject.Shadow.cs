namespace BsdVm;

public sealed partial class VmObject
{
    /// <summary>
    /// Makes an object of its own for a range of <paramref name="source"/> that is about to be written, and hands the caller's reference to
    /// the source on to it. A source that nobody else can reach is written in place instead. Source: <c>vm_object_shadow</c>.
    /// </summary>
    /// <param name="source">What the caller refers to now.</param>
    /// <param name="offset">Where its range starts in the source, in bytes; afterwards, in the object returned.</param>
    /// <param name="lengthBytes">The length of the range.</param>
    internal static VmObject MakeShadow(VmObject source, ref ulong offset, ulong lengthBytes)
    {
        VmSystem system = source._system;
        if (system.Policy.ReuseSoleObject && source.RefCount == 1 && source.IsAnonymous)
        {
            return source;
        }

        VmObject shadow = system.Objects.Allocate(lengthBytes);
        shadow.SetShadow(source, offset);
        offset = 0;
        return shadow;
    }
}
