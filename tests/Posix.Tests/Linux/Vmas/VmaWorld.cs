using BsdVm.Posix;

namespace BsdVm.Tests.Posix;

/// <summary>A map of mappings that a test talks to in pages, and reads as text: <c>0-2 rw-</c>, a row a mapping.</summary>
internal sealed class VmaWorld
{
    public VmaWorld()
        : this(new VmaMap())
    {
    }

    private VmaWorld(VmaMap map) => Map = map;

    public VmaMap Map { get; }

    public string Rows => string.Join(
        ", ", Map.Items.ToArray().Select(vma => $"{vma.Start / 4096}-{vma.End / 4096} {vma.Protection.ToText()}"));

    public VmaWorld Fork() => new(Map.Fork());

    public void Mmap(ulong page, ulong count, string rights = "rw-", object? source = null, ulong? offset = null, bool shared = false)
    {
        Map.Remove(page * 4096, (page + count) * 4096);
        Map.Insert(new Vma
        {
            Start = page * 4096,
            End = (page + count) * 4096,
            PageOffset = offset ?? page,
            Object = source,
            Protection = Rights(rights),
            IsShared = shared,
            Flags = !shared && rights[1] == 'w' ? VmaFlags.Account : VmaFlags.None,
        });
    }

    public void Write(ulong page) => Map.NoteWrite(page * 4096);

    public void Munmap(ulong page, ulong count) => Map.Remove(page * 4096, (page + count) * 4096);

    public void Mprotect(ulong page, ulong count, string rights) =>
        EachPart(page, count, vma => (Rights(rights), vma.FlagsWith(Rights(rights))));

    public void Set(ulong page, ulong count, VmaFlags set, VmaFlags clear = VmaFlags.None) =>
        EachPart(page, count, vma => (vma.Protection, (vma.Flags & ~clear) | set));

    public void Move(ulong page, ulong count, ulong to, ulong? newCount = null)
    {
        Map.Remove(to * 4096, (to + (newCount ?? count)) * 4096);
        Map.Move(page * 4096, count * 4096, (newCount ?? count) * 4096, to * 4096);
    }

    private static Protection Rights(string text) =>
        (text[0] == 'r' ? Protection.Read : 0) | (text[1] == 'w' ? Protection.Write : 0) | (text[2] == 'x' ? Protection.Execute : 0);

    private void EachPart(ulong page, ulong count, Func<Vma, (Protection, VmaFlags)> change)
    {
        ulong at = page * 4096;
        ulong end = (page + count) * 4096;
        while (at < end && Map.IndexFrom(at) is int index && index < Map.Count && Map[index].Start < end)
        {
            Vma vma = Map[index];
            ulong from = Math.Max(at, vma.Start);
            at = Math.Min(end, vma.End);
            (Protection rights, VmaFlags flags) = change(vma);
            Assert.True(Map.TryChange(from, at, rights, flags));
        }
    }
}
