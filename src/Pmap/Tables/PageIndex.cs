using System.Numerics;

namespace BsdVm;

/// <summary>
/// The pages that a pmap has in a table without order (a hash), so that ranges with little in them are found quickly: a bitmap for each
/// 64 neighbouring pages, and over the bitmaps a binary trie with compressed paths. Nodes are structs in arrays; nothing is allocated
/// while they suffice. It is the host's, as an operating system's own list of mapped regions would be, and no walker sees it.
/// </summary>
public sealed class PageIndex
{
    private const int BlockShift = 6;
    private const int None = -1;

    // A link is the number of a node, or the complement of the number of a block.
    private struct Node
    {
        public int Zero;
        public int One;
        public int Bit;
    }

    private struct Block
    {
        public ulong Number;
        public ulong Pages;
    }

    private Node[] _nodes = new Node[16];
    private Block[] _blocks = new Block[16];
    private int _freeNode = None;
    private int _freeBlock = None;
    private int _usedNodes;
    private int _usedBlocks;
    private int _root;
    private bool _isEmpty = true;
    private int _recent = None;

    /// <summary>Pages in it.</summary>
    public long Count { get; private set; }

    /// <summary>Puts a page number in. It may be there already.</summary>
    public void Add(ulong page)
    {
        // First the number: to find it the array may have grown.
        int number = BlockFor(page >> BlockShift);
        ref Block block = ref _blocks[number];
        ulong bit = 1UL << (int)(page & 63);
        Count += (block.Pages & bit) == 0 ? 1 : 0;
        block.Pages |= bit;
    }

    /// <summary>Takes a page number out. It may be absent.</summary>
    public void Remove(ulong page)
    {
        int found = Find(page >> BlockShift);
        if (found == None)
        {
            return;
        }

        ref Block block = ref _blocks[found];
        ulong bit = 1UL << (int)(page & 63);
        Count -= (block.Pages & bit) != 0 ? 1 : 0;
        block.Pages &= ~bit;
        if (block.Pages == 0)
        {
            Unlink(block.Number);
        }
    }

    /// <summary>The lowest page number at or above <paramref name="from"/>. False if there is none.</summary>
    public bool TryNext(ulong from, out ulong page)
    {
        int found = Find(from >> BlockShift);
        ulong rest = found == None ? 0 : _blocks[found].Pages >> (int)(from & 63) << (int)(from & 63);
        if (rest == 0)
        {
            found = After(from >> BlockShift);
            rest = found == None ? 0 : _blocks[found].Pages;
        }

        page = rest == 0 ? 0 : (_blocks[found].Number << BlockShift) + (ulong)BitOperations.TrailingZeroCount(rest);
        return rest != 0;
    }

    // The block of that number, or none.
    private int Find(ulong number)
    {
        if (_recent != None && _blocks[_recent].Number == number)
        {
            return _recent;
        }

        if (_isEmpty)
        {
            return None;
        }

        int block = Nearest(number);
        return _blocks[block].Number == number ? _recent = block : None;
    }

    // The block that a look-up of the number ends at: it agrees with the number in all bits that are tested on the way.
    private int Nearest(ulong number)
    {
        int link = _root;
        while (link >= 0)
        {
            ref Node node = ref _nodes[link];
            link = (number >> node.Bit & 1) == 0 ? node.Zero : node.One;
        }

        return ~link;
    }

    // The first block with a number above the one given.
    private int After(ulong number)
    {
        if (_isEmpty)
        {
            return None;
        }

        ulong apart = _blocks[Nearest(number)].Number ^ number;
        int differs = apart == 0 ? -1 : BitOperations.Log2(apart);
        int link = _root;
        int above = _isEmpty ? None : int.MinValue;
        while (link >= 0 && _nodes[link].Bit > differs)
        {
            ref Node node = ref _nodes[link];
            if ((number >> node.Bit & 1) == 0)
            {
                above = node.One;
                link = node.Zero;
            }
            else
            {
                link = node.One;
            }
        }

        // All below this link differ from the number first in that bit: they are all above it, or all below.
        bool isAbove = differs >= 0 && (number >> differs & 1) == 0;
        return isAbove ? Lowest(link) : above == int.MinValue ? None : Lowest(above);
    }

    private int Lowest(int link)
    {
        while (link >= 0)
        {
            link = _nodes[link].Zero;
        }

        return ~link;
    }

    private int BlockFor(ulong number)
    {
        int found = Find(number);
        if (found != None)
        {
            return found;
        }

        int block = TakeBlock(number);
        if (_isEmpty)
        {
            _root = ~block;
            _isEmpty = false;
        }
        else
        {
            Link(number, block);
        }

        return _recent = block;
    }

    private void Link(ulong number, int block)
    {
        int bit = BitOperations.Log2(_blocks[Nearest(number)].Number ^ number);
        int node = TakeNode();
        ref int link = ref _root;
        while (link >= 0 && _nodes[link].Bit > bit)
        {
            ref Node next = ref _nodes[link];
            link = ref (number >> next.Bit & 1) == 0 ? ref next.Zero : ref next.One;
        }

        bool isOne = (number >> bit & 1) != 0;
        _nodes[node] = new() { Bit = bit, Zero = isOne ? link : ~block, One = isOne ? ~block : link };
        link = node;
    }

    private void Unlink(ulong number)
    {
        ref int parent = ref _root;
        ref int link = ref _root;
        while (link >= 0)
        {
            parent = ref link;
            ref Node node = ref _nodes[link];
            link = ref (number >> node.Bit & 1) == 0 ? ref node.Zero : ref node.One;
        }

        int block = ~link;
        _blocks[block].Number = (ulong)(uint)_freeBlock;
        _freeBlock = block;
        _recent = None;
        if (_root < 0)
        {
            _isEmpty = true;
            return;
        }

        int gone = parent;
        parent = (number >> _nodes[gone].Bit & 1) == 0 ? _nodes[gone].One : _nodes[gone].Zero;
        _nodes[gone].Zero = _freeNode;
        _freeNode = gone;
    }

    private int TakeBlock(ulong number)
    {
        int block = _freeBlock;
        if (block != None)
        {
            _freeBlock = (int)(uint)_blocks[block].Number;
        }
        else
        {
            if (_usedBlocks == _blocks.Length)
            {
                Array.Resize(ref _blocks, _blocks.Length * 2);
            }

            block = _usedBlocks++;
        }

        _blocks[block] = new() { Number = number };
        return block;
    }

    private int TakeNode()
    {
        int node = _freeNode;
        if (node != None)
        {
            _freeNode = _nodes[node].Zero;
            return node;
        }

        if (_usedNodes == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        return _usedNodes++;
    }
}
