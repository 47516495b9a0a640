namespace BsdVm;

public sealed partial class RedBlackIndex
{
    /// <inheritdoc/>
    public override void CheckStructure()
    {
        Rule.Holds(!IsRed(_root), "MAP-INDEX", "root", "black", "red");
        VmMapEntry? expected = _first;
        int count = 0;
        CheckSubtree(_root, null, ref expected, ref count);
        Rule.Holds(expected is null && count == _count, "MAP-INDEX", "tree", $"{_count} entries in list order", $"{count}");
    }

    private int CheckSubtree(VmMapEntry? node, VmMapEntry? parent, ref VmMapEntry? expected, ref int count)
    {
        if (node is null)
        {
            return 1;
        }

        Rule.Holds(ReferenceEquals(node.Tree.Parent, parent), "MAP-INDEX", node, "the parent that leads to it", "another one");
        Rule.Holds(!(node.Tree.IsRed && IsRed(parent)), "MAP-INDEX", node, "no red child of a red node", "one");
        int left = CheckSubtree(node.Tree.Left, node, ref expected, ref count);
        Rule.Holds(ReferenceEquals(node, expected), "MAP-INDEX", node, "the order of the list", "another one");
        expected = node.Next;
        count++;
        int right = CheckSubtree(node.Tree.Right, node, ref expected, ref count);
        Rule.Holds(left == right, "MAP-INDEX", node, "equal black heights", $"{left} and {right}");
        ulong largest = Math.Max(
            node.GapBelow(_minimum),
            Math.Max(node.Tree.Left?.Tree.LargestGap ?? 0, node.Tree.Right?.Tree.LargestGap ?? 0));
        Rule.Holds(node.Tree.LargestGap == largest, "MAP-INDEX", node, $"largest gap 0x{largest:x}", $"0x{node.Tree.LargestGap:x}");
        return left + (node.Tree.IsRed ? 0 : 1);
    }
}
