namespace BsdVm;

public sealed partial class RedBlackIndex
{
    /// <inheritdoc/>
    public override void CheckStructure()
    {
        Require(!IsRed(_root), "root", "black", "red");
        VmMapEntry? expected = _first;
        int count = 0;
        CheckSubtree(_root, null, ref expected, ref count);
        Require(expected is null && count == _count, "tree", $"{_count} entries in list order", $"{count}");
    }

    private int CheckSubtree(VmMapEntry? node, VmMapEntry? parent, ref VmMapEntry? expected, ref int count)
    {
        if (node is null)
        {
            return 1;
        }

        Require(ReferenceEquals(node.Tree.Parent, parent), Name(node), "the parent that leads to it", "another one");
        Require(!(node.Tree.IsRed && IsRed(parent)), Name(node), "no red child of a red node", "one");
        int left = CheckSubtree(node.Tree.Left, node, ref expected, ref count);
        Require(ReferenceEquals(node, expected), Name(node), "the order of the list", "another one");
        expected = node.Next;
        count++;
        int right = CheckSubtree(node.Tree.Right, node, ref expected, ref count);
        Require(left == right, Name(node), "equal black heights", $"{left} and {right}");
        ulong largest = Math.Max(
            node.GapBelow(_minimum),
            Math.Max(node.Tree.Left?.Tree.LargestGap ?? 0, node.Tree.Right?.Tree.LargestGap ?? 0));
        Require(node.Tree.LargestGap == largest, Name(node), $"largest gap 0x{largest:x}", $"0x{node.Tree.LargestGap:x}");
        return left + (node.Tree.IsRed ? 0 : 1);

        static string Name(VmMapEntry node) => $"entry {node.Range}";
    }

    private static void Require(bool holds, string subject, string expected, string found)
    {
        if (!holds)
        {
            throw new InvariantViolationException("MAP-INDEX", subject, expected, found);
        }
    }
}
