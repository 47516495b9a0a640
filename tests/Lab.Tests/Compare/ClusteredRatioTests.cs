
using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>
/// Clustered against hashed tables: an entry of s pages takes 8s + 16 bytes and replaces u of 24, where u of its pages are mapped. So the
/// clustered table is the smaller one from u = (8s + 16) / 24 on. Source: Talluri, Hill, Khalidi.
/// </summary>
public class ClusteredRatioTests
{
    private const int Pages = 1024;
    private const int Stretch = 64;

    public static TheoryData<int, int> Cases()
    {
        var data = new TheoryData<int, int>();
        foreach (int factor in new[] { 2, 4, 8, 16, 32 })
        {
            foreach (int length in new[] { 1, 2, 4, 8, 16, 32 })
            {
                data.Add(factor, length);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_smaller_table_is_the_one_that_the_formula_names(int factor, int length)
    {
        // Runs begin at multiples of 64 pages, so that blocks of any factor hold as many of their pages as fit.
        string text = FormattableString.Invariant($"runs:pages={Pages},refs={Pages},length={length},density={(double)length / Stretch}");
        Assert.True(Workload.TryParse(text, out Workload? workload, out string problem), problem);
        PmapBackend[] backends = [Structures.Named($"clustered:{factor}"), Structures.Named("hashed")];
        var request = new CompareRequest { Inputs = [workload.ToInput()], Backends = backends };

        IReadOnlyList<StructureSummary> tables = Comparer.Run(request, static () => 0).Runs[0].Structures;

        int mappedInBlock = Math.Min(factor, length);
        Assert.Equal(24L * Pages, tables[1].TableBytesEnd - tables[1].HeadBytes);
        Assert.Equal(((8L * factor) + 16) * Pages / mappedInBlock, tables[0].TableBytesEnd - tables[0].HeadBytes);
        Assert.Equal(24 * mappedInBlock > (8 * factor) + 16, tables[0].TableBytesEnd < tables[1].TableBytesEnd);
    }
}
