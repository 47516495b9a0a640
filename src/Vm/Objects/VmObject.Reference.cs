namespace BsdVm;

public sealed partial class VmObject
{
    /// <summary>One more reference. Source: <c>vm_object_reference</c>.</summary>
    internal void Reference() => RefCount++;

    /// <summary>
    /// One reference less. The last one ends an anonymous object and drops its reference to the object behind it, and so on down the
    /// chain; a file's object stays with its pages; one with a pager of its own writes them back first. Source:
    /// <c>vm_object_deallocate</c>.
    /// </summary>
    internal void Deallocate()
    {
        VmObject? current = this;
        while (current is not null)
        {
            if (--current.RefCount > 0)
            {
                current.HasOneMapping |= current.RefCount == 1 && current.ShadowCount == 0 && current.IsAnonymous;
                current.CollapseIntoSoleShadower();
                return;
            }

            if (current.Vnode is not null)
            {
                current.DeactivatePages();
                return;
            }

            if (current.HasOwnPager)
            {
                current.TryClean(0, ulong.MaxValue);
            }

            VmObject? behind = current.Shadow;
            current.Terminate();
            current = behind;
        }
    }

    // What is left may be one shadower alone: two objects where one would do.
    private void CollapseIntoSoleShadower()
    {
        if (_system.Policy.CollapseOnDeallocate && RefCount == 1 && ShadowCount == 1 && IsAnonymous)
        {
            _firstShadower!.Collapse();
        }
    }

    // Nobody maps the file any more: its pages are the first to go when memory is short.
    private void DeactivatePages()
    {
        for (int frame = FirstPage; frame != 0; frame = _system.Pages[frame].ObjectNext)
        {
            if (!_system.Pages[frame].Busy)
            {
                _system.Deactivate(new((ulong)frame));
            }
        }
    }

    // Nothing refers to it: its pages go. Source: vm_object_terminate.
    private void Terminate()
    {
        SetShadow(null, 0);
        while (FirstPage != 0)
        {
            FreePage(new((ulong)FirstPage));
        }

        _system.Objects.Release(this);
    }
}
