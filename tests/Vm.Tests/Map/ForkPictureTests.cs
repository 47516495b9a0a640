using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>What a child gets of each mapping.</summary>
public class ForkPictureTests
{
    // c, s, n, z: what the parent's pages are inherited as.
    [Theory]
    [InlineData("wwrrxx", "cccccc", "wwrrxx")]
    [InlineData("wwwwww", "ccnncc", "ww..ww")]
    [InlineData("wwwwww", "nnnnnn", "......")]
    [InlineData("wwwwww", "sszzcc", "SSwwww")]
    [InlineData("ww..ww", "nc..cn", ".w..w.")]
    [InlineData("ffFFSS", "cccccc", "ffffww")]
    [InlineData("ffFFSS", "ccssss", "ffFFSS")]
    [InlineData("ffFFSS", "zzzzzz", "wwwwww")]
    [InlineData("mmmdnn", "cccccc", "mmmdnn")]
    public void TheChildsPicture(string before, string inheritances, string childs)
    {
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, before);
            Inherit(drawn, inheritances);
            VmSpace child = drawn.Vm.Fork(drawn.Space);
            string seen = drawn.Show(entry => entry.SharesUpper ? 'S' : drawn.LetterOf(entry), child);
            Assert.True(childs == seen.Replace("|", "", StringComparison.Ordinal), $"{layer}: {before} as {inheritances}: {seen}");
        }
    }

    [Theory]
    [InlineData("wwwwww", "ccsszz", "abcd__", "ABcdEF")]
    [InlineData("ffffff", "ccsszz", "abcd__", "ABcdEF")]
    [InlineData("FFFFFF", "ccsszz", "abcd__", "ABcdEF")]
    [InlineData("SSSSSS", "ccsszz", "abcd__", "ABcdEF")]
    public void StoresAreSeenByWhoShares(string before, string inheritances, string childs, string parents)
    {
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, before);
            drawn.Write("ABCDEF");
            Inherit(drawn, inheritances);
            VmSpace child = drawn.Vm.Fork(drawn.Space);
            drawn.Write("abcd", child);
            Assert.Equal((childs, parents), (drawn.Contents(child), drawn.Contents()));
        }
    }

    // Locks are not inherited; everything else that a program set is.
    [Fact]
    public void AttributesOfTheChild()
    {
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, "wwww");
            drawn.Map.Wire(TestVm.Pages(0, 2));
            drawn.Map.Advise(TestVm.Pages(1, 2), VmAdvice.Random);
            VmSpace child = drawn.Vm.Fork(drawn.Space);
            string childs = drawn.Show(static entry => char.ToLowerInvariant(entry.Advice.ToString()[0]), child);
            Assert.Equal(("L|L-|-", "nr|rn", "nr|rn"), (drawn.Locks(), drawn.Advice(), childs));
            Assert.All(Enumerable.Range(0, 4), page => Assert.False(child.Map.Lookup(TestVm.Page(page))!.IsWired));
            Assert.Equal((2L, 0L), (drawn.Space.Pmap.WiredCount, child.Pmap.WiredCount));
        }
    }

    private static void Inherit(MapPicture drawn, string inheritances)
    {
        foreach ((int page, char letter) in inheritances.Index())
        {
            if (letter != '.')
            {
                drawn.Map.Inherit(TestVm.Pages(page, 1), letter switch
                {
                    's' => VmInheritance.Share,
                    'n' => VmInheritance.None,
                    'z' => VmInheritance.Zero,
                    _ => VmInheritance.Copy,
                });
            }
        }
    }
}
