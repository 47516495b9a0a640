namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    // Source: dup_mmap, mapping by mapping.
    private protected override bool MayPromiseCopy()
    {
        foreach (ref readonly Vma vma in Vmas.Items)
        {
            if (vma.Has(VmaFlags.Account) && !vma.Has(VmaFlags.DontFork) && !_system.MayPromise(vma.Range.PageCount))
            {
                return false;
            }
        }

        return true;
    }

    private protected override Process CreateChild(string name, VmSpace space, ProcessHeap heap, bool ownsSpace)
    {
        if (!ownsSpace)
        {
            return new LinuxProcess(Kernel, _system, name, space, Vmas, heap, ownsSpace);
        }

        InheritTouched(space);
        return new LinuxProcess(Kernel, _system, name, space, Vmas.Fork(), heap, ownsSpace);
    }

    private protected override void SpaceBegins()
    {
        Vmas = _system.NewMappings();
        _system.Register(Space, Vmas);
    }

    private protected override void SpaceEnded(VmSpace space) => _system.Unregister(space);

    // Fork copies the page-table entries of mappings that were written, and of no others.
    private void InheritTouched(VmSpace child)
    {
        foreach (ref readonly Vma vma in Vmas.Items)
        {
            if (vma.AnonVma is not null && !vma.Has(VmaFlags.DontFork) && !vma.Has(VmaFlags.WipeOnFork))
            {
                child.CopyTouched(Space, vma.Range);
            }
        }
    }
}
