namespace BsdVm.Tests.Tlbs;

public class TlbSpecificationTests
{
    [Theory]
    [InlineData("l1=64x64,l2=1536x12", "l1=64x64,l2=1536x12")]
    [InlineData("l2=0x0", "l1=64x64,l2=0x0")]
    [InlineData("walk=32+4+2,l1u=48x48,pages=4k+2m", "l1u=48x48,l2=1536x12,pages=4k+2m,walk=32+4+2")]
    [InlineData("l1i=32x4,policy=fifo", "l1i=32x4,l1d=64x64,l2=1536x12,policy=fifo")]
    [InlineData("l1=48x3,l1d=16x4,l2=96x32,policy=nlu,pages=4k", "l1i=48x3,l1d=16x4,l2=96x32,policy=nlu")]
    [InlineData("l1=16x4,l2=64x8,policy=plru", "l1=16x4,l2=64x8,policy=plru")]
    public void TextIsReadAndPrinted(string text, string printed)
    {
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        Assert.Equal(printed, specification.ToString());
        Assert.True(TlbSpecification.TryParse(printed, out TlbSpecification again, out _));
        Assert.Equal(specification, again);
    }

    [Theory]
    [InlineData("", "'' is not part of a TLB specification")]
    [InlineData("l3=64x4", "parts are l1, l1i, l1d, l1u, l2, policy, pages, walk")]
    [InlineData("l1=64", "should be entries x ways")]
    [InlineData("l1=64x-4", "should be entries x ways")]
    [InlineData("l1=64x4x2", "should be entries x ways")]
    [InlineData("l1=99999999999x1", "should be entries x ways")]
    [InlineData("l1=0x0", "only the second level can be left out")]
    [InlineData("l2=0x4", "entries and ways are 1 to 1048576")]
    [InlineData("l2=2097152x4", "entries and ways are 1 to 1048576")]
    [InlineData("l2=1536x13", "cannot be divided into sets of 13 ways")]
    [InlineData("l1=64x4,l1=64x4", "'l1' is given twice")]
    [InlineData("policy=mru", "policies are lru, fifo, random, plru, nlu")]
    [InlineData("walk=32+x", "up to five numbers of entries")]
    [InlineData("pages=2m", "4k, and up to two larger sizes")]
    [InlineData("pages=4k+1g+2m", "in ascending order")]
    [InlineData("pages=4k+3m", "sizes are a power of two")]
    [InlineData("l1u=64x4,l1d=64x4", "no other l1 beside it")]
    public void BadTextIsRefusedWithAReason(string text, string reason)
    {
        Assert.False(TlbSpecification.TryParse(text, out _, out string error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void AShapeThatCannotBeBuiltIsACallersBug() =>
        Assert.Throws<ArgumentException>(() => new TlbSpecification(new(64, 64), new(64, 64), new(10, 3), TlbReplacement.Lru));
}
