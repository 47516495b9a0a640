namespace BsdVm;

/// <summary>
/// A red-black tree of the entries by address; each node knows the largest gap below any entry of its subtree, so that free space is found
/// in logarithmic time too. The links are in the entries: nothing is allocated. Source: the algorithm of Guibas and Sedgewick as NetBSD's
/// and OpenBSD's <c>uvm_map</c> use it, with their space augmentation.
/// </summary>
public sealed partial class RedBlackIndex : VmMapIndex
{
    private readonly VirtualAddress _minimum;
    private VmMapEntry? _root;
    private VmMapEntry? _first;
    private VmMapEntry? _last;
    private int _count;

    /// <summary>The index of a map that starts at <paramref name="minimum"/>.</summary>
    public RedBlackIndex(VirtualAddress minimum) => _minimum = minimum;

    /// <inheritdoc/>
    public override string Name => "rbtree";

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override VmMapEntry? First => _first;

    /// <inheritdoc/>
    public override VmMapEntry? FindAtOrBelow(VirtualAddress address)
    {
        VmMapEntry? best = null;
        VmMapEntry? node = _root;
        while (node is not null)
        {
            if (node.Start <= address)
            {
                best = node;
                node = node.Tree.Right;
            }
            else
            {
                node = node.Tree.Left;
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public override void Insert(VmMapEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        entry.Tree = default;
        entry.Tree.IsRed = true;
        Attach(entry);
        if (entry.Previous is null)
        {
            _first = entry;
        }

        if (entry.Next is null)
        {
            _last = entry;
        }

        _count++;
        Resized(entry);
        RepairInsertion(entry);
    }

    /// <inheritdoc/>
    public override void Remove(VmMapEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (ReferenceEquals(_first, entry))
        {
            _first = entry.Next;
        }

        if (ReferenceEquals(_last, entry))
        {
            _last = entry.Previous;
        }

        _count--;
        Detach(entry);
        if (entry.Next is { } above)
        {
            UpdateUpwards(above);
        }

        entry.Tree = default;
    }

    /// <inheritdoc/>
    public override void Resized(VmMapEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        UpdateUpwards(entry);
        if (entry.Next is { } above)
        {
            UpdateUpwards(above);
        }
    }

    /// <inheritdoc/>
    public override bool TryFindGap(VirtualAddress from, VirtualAddress limit, ulong lengthBytes, out VirtualAddress start)
    {
        start = from < _minimum ? _minimum : from;
        VmMapEntry? below = FindAtOrBelow(start);
        if (below is not null && below.End > start)
        {
            start = below.End;
        }

        VmMapEntry? next = below is null ? _first : below.Next;
        if (next is not null && next.Start - start < lengthBytes)
        {
            // The gap at hand is cut short by from; all further ones count whole.
            VmMapEntry? found = next.Next is { } further ? FirstWithGap(further, lengthBytes) : null;
            start = found is null ? _last!.End : found.Previous!.End;
        }

        return start <= limit && limit - start >= lengthBytes;
    }

    // The lowest entry at or above the given one with enough space below it.
    private static VmMapEntry? FirstWithGap(VmMapEntry node, ulong lengthBytes)
    {
        while (true)
        {
            if (node.Tree.OwnGap >= lengthBytes)
            {
                return node;
            }

            if (node.Tree.Right is { } right && right.Tree.LargestGap >= lengthBytes)
            {
                return Lowest(right, lengthBytes);
            }

            // Up to the first ancestor that lies above.
            VmMapEntry child = node;
            VmMapEntry? parent = node.Tree.Parent;
            while (parent is not null && ReferenceEquals(parent.Tree.Right, child))
            {
                child = parent;
                parent = parent.Tree.Parent;
            }

            if (parent is null)
            {
                return null;
            }

            node = parent;
        }
    }

    private static VmMapEntry Lowest(VmMapEntry node, ulong lengthBytes)
    {
        while (true)
        {
            if (node.Tree.Left is { } left && left.Tree.LargestGap >= lengthBytes)
            {
                node = left;
            }
            else if (node.Tree.OwnGap >= lengthBytes)
            {
                return node;
            }
            else
            {
                node = node.Tree.Right!;
            }
        }
    }

    private static bool UpdateNode(VmMapEntry node)
    {
        ulong largest = node.Tree.OwnGap;
        if (node.Tree.Left is { } left && left.Tree.LargestGap > largest)
        {
            largest = left.Tree.LargestGap;
        }

        if (node.Tree.Right is { } right && right.Tree.LargestGap > largest)
        {
            largest = right.Tree.LargestGap;
        }

        bool changed = node.Tree.LargestGap != largest;
        node.Tree.LargestGap = largest;
        return changed;
    }

    private void UpdateUpwards(VmMapEntry node)
    {
        node.Tree.OwnGap = node.GapBelow(_minimum);
        UpdateNode(node);
        for (VmMapEntry? above = node.Tree.Parent; above is not null && UpdateNode(above); above = above.Tree.Parent)
        {
        }
    }
}
