using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>Page tables, each structure in its own form: a tree, an array, buckets, guarded nodes.</summary>
public static class TableView
{
    /// <summary>Writes the tables with their entries in use.</summary>
    public static void WriteText(TextWriter output, TableSnapshot tables)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (tables)
        {
            case TreeSnapshot tree:
                TreeView.WriteText(output, tree);
                break;
            case ArraySnapshot array:
                ArrayView.WriteText(output, array);
                break;
            case HashSnapshot hash:
                HashView.WriteText(output, hash);
                break;
            case GuardedSnapshot guarded:
                GuardedView.WriteText(output, guarded);
                break;
            default:
                output.WriteLine("this machine has no tables in memory");
                break;
        }
    }

    /// <summary>An array with an object a table; empty where the machine has none in memory.</summary>
    public static JsonArray ToJson(TableSnapshot tables) => tables switch
    {
        TreeSnapshot tree => TreeView.ToJson(tree),
        ArraySnapshot array => [ArrayView.ToJson(array)],
        HashSnapshot hash => [HashView.ToJson(hash)],
        GuardedSnapshot guarded => [GuardedView.ToJson(guarded)],
        _ => [],
    };
}
