namespace BsdVm;

public sealed partial class RedBlackIndex
{
    private static bool IsRed(VmMapEntry? node) => node is not null && node.Tree.IsRed;

    private void Attach(VmMapEntry entry)
    {
        // The neighbours in address order are known: the new node is the right child of the one below, or the left child of the one above.
        if (entry.Previous is { } below && below.Tree.Right is null)
        {
            below.Tree.Right = entry;
            entry.Tree.Parent = below;
        }
        else if (entry.Next is { } above)
        {
            above.Tree.Left = entry;
            entry.Tree.Parent = above;
        }
        else
        {
            _root = entry;
        }
    }

    private void RepairInsertion(VmMapEntry node)
    {
        while (node.Tree.Parent is { Tree.IsRed: true } parent)
        {
            VmMapEntry grandparent = parent.Tree.Parent!;
            bool isLeft = ReferenceEquals(grandparent.Tree.Left, parent);
            VmMapEntry? uncle = isLeft ? grandparent.Tree.Right : grandparent.Tree.Left;
            if (IsRed(uncle))
            {
                parent.Tree.IsRed = false;
                uncle!.Tree.IsRed = false;
                grandparent.Tree.IsRed = true;
                node = grandparent;
                continue;
            }

            if (ReferenceEquals(isLeft ? parent.Tree.Right : parent.Tree.Left, node))
            {
                Rotate(parent, isLeft);
                (node, parent) = (parent, node);
            }

            parent.Tree.IsRed = false;
            grandparent.Tree.IsRed = true;
            Rotate(grandparent, !isLeft);
            break;
        }

        _root!.Tree.IsRed = false;
    }

    private void Detach(VmMapEntry entry)
    {
        if (entry.Tree.Left is not null && entry.Tree.Right is not null)
        {
            SwapWithSuccessor(entry);
        }

        VmMapEntry? child = entry.Tree.Left ?? entry.Tree.Right;
        VmMapEntry? parent = entry.Tree.Parent;
        bool wasLeft = parent is not null && ReferenceEquals(parent.Tree.Left, entry);
        Replace(entry, child);
        for (VmMapEntry? above = parent; above is not null; above = above.Tree.Parent)
        {
            UpdateNode(above);
        }

        if (entry.Tree.IsRed)
        {
            return;
        }

        if (IsRed(child))
        {
            child!.Tree.IsRed = false;
        }
        else
        {
            RepairRemoval(parent, wasLeft);
        }
    }

    // The place below parent, on the side given, is one black node short.
    private void RepairRemoval(VmMapEntry? parent, bool isLeft)
    {
        while (parent is not null)
        {
            VmMapEntry sibling = (isLeft ? parent.Tree.Right : parent.Tree.Left)!;
            if (sibling.Tree.IsRed)
            {
                sibling.Tree.IsRed = false;
                parent.Tree.IsRed = true;
                Rotate(parent, isLeft);
                sibling = (isLeft ? parent.Tree.Right : parent.Tree.Left)!;
            }

            VmMapEntry? near = isLeft ? sibling.Tree.Left : sibling.Tree.Right;
            VmMapEntry? far = isLeft ? sibling.Tree.Right : sibling.Tree.Left;
            if (!IsRed(near) && !IsRed(far))
            {
                sibling.Tree.IsRed = true;
                if (parent.Tree.IsRed)
                {
                    parent.Tree.IsRed = false;
                    return;
                }

                VmMapEntry? above = parent.Tree.Parent;
                isLeft = above is not null && ReferenceEquals(above.Tree.Left, parent);
                parent = above;
                continue;
            }

            if (!IsRed(far))
            {
                near!.Tree.IsRed = false;
                sibling.Tree.IsRed = true;
                Rotate(sibling, !isLeft);
                far = sibling;
                sibling = near;
            }

            sibling.Tree.IsRed = parent.Tree.IsRed;
            parent.Tree.IsRed = false;
            far!.Tree.IsRed = false;
            Rotate(parent, isLeft);
            return;
        }
    }

    private void SwapWithSuccessor(VmMapEntry entry)
    {
        VmMapEntry successor = entry.Tree.Right!;
        while (successor.Tree.Left is { } left)
        {
            successor = left;
        }

        VmMapEntryLinks mine = entry.Tree;
        VmMapEntryLinks theirs = successor.Tree;
        Replace(entry, successor);
        successor.Tree.Left = mine.Left;
        mine.Left!.Tree.Parent = successor;
        if (ReferenceEquals(mine.Right, successor))
        {
            successor.Tree.Right = entry;
            entry.Tree.Parent = successor;
        }
        else
        {
            successor.Tree.Right = mine.Right;
            mine.Right!.Tree.Parent = successor;
            theirs.Parent!.Tree.Left = entry;
            entry.Tree.Parent = theirs.Parent;
        }

        successor.Tree.IsRed = mine.IsRed;
        entry.Tree.IsRed = theirs.IsRed;
        entry.Tree.Left = null;
        entry.Tree.Right = theirs.Right;
        if (theirs.Right is not null)
        {
            theirs.Right.Tree.Parent = entry;
        }
    }

    private void Replace(VmMapEntry old, VmMapEntry? node)
    {
        VmMapEntry? parent = old.Tree.Parent;
        if (parent is null)
        {
            _root = node;
        }
        else if (ReferenceEquals(parent.Tree.Left, old))
        {
            parent.Tree.Left = node;
        }
        else
        {
            parent.Tree.Right = node;
        }

        if (node is not null)
        {
            node.Tree.Parent = parent;
        }
    }

    // Turns the subtree so that its root goes down to the left (or right) and the child on the other side comes up.
    private void Rotate(VmMapEntry root, bool toLeft)
    {
        VmMapEntry riser = (toLeft ? root.Tree.Right : root.Tree.Left)!;
        Replace(root, riser);
        VmMapEntry? middle = toLeft ? riser.Tree.Left : riser.Tree.Right;
        if (toLeft)
        {
            root.Tree.Right = middle;
            riser.Tree.Left = root;
        }
        else
        {
            root.Tree.Left = middle;
            riser.Tree.Right = root;
        }

        if (middle is not null)
        {
            middle.Tree.Parent = root;
        }

        root.Tree.Parent = riser;
        UpdateNode(root);
        UpdateNode(riser);
    }
}
