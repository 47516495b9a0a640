namespace BsdVm;

/// <summary>All objects of a machine, by number. Ended ones are used again, so that steady traffic allocates nothing.</summary>
public sealed class VmObjects
{
    private readonly VmSystem _system;
    private readonly Stack<VmObject> _spare = new();
    private VmObject?[] _objects = new VmObject?[256];
    private int _used = 1;

    internal VmObjects(VmSystem system) => _system = system;

    /// <summary>Living objects, cached files' included.</summary>
    public int Count { get; private set; }

    /// <summary>The living objects, by number.</summary>
    internal IEnumerable<VmObject> All => _objects.OfType<VmObject>();

    internal VmObject this[int id] => _objects[id]!;

    /// <summary>A new anonymous object with one reference, the caller's. Source: <c>vm_object_allocate</c>.</summary>
    internal VmObject Allocate(ulong sizeBytes)
    {
        if (!_spare.TryPop(out VmObject? made))
        {
            if (_used == _objects.Length)
            {
                Array.Resize(ref _objects, _used * 2);
            }

            made = new VmObject(_system, _used++);
        }

        made.Reset(sizeBytes);
        _objects[made.Id] = made;
        Count++;
        return made;
    }

    /// <summary>The object of a file: no reference yet, it lives as long as the file.</summary>
    internal VmObject AllocateForVnode(Vnode vnode, Pager pager)
    {
        VmObject made = Allocate(0);
        made.RefCount = 0;
        made.Vnode = vnode;
        made.Pager = pager;
        return made;
    }

    internal void Release(VmObject ended)
    {
        _objects[ended.Id] = null;
        _spare.Push(ended);
        Count--;
    }
}
