namespace BsdVm.Posix;

public sealed partial class Kernel
{
    private readonly Random? _forget;

    // The law of the pmap: whatever is not wired may be dropped between any two steps. Now and then a pmap loses all of it with its tables.
    private void ForgetSomething(Random random)
    {
        foreach (VmSpace space in Vm.Spaces.OrderBy(static space => space.Pmap.Id).ToArray())
        {
            if (random.Next(8) == 0)
            {
                space.Pmap.Collect();
                continue;
            }

            foreach (PmapMapping mapping in space.Pmap.Mappings(space.Map.Bounds).ToArray())
            {
                if ((mapping.Flags & PmapFlags.Wired) == 0 && random.Next(4) == 0)
                {
                    space.Pmap.Remove(new AddressRange(mapping.Address, PageSize.BaseBytes));
                }
            }
        }

        Vm.Pmaps.Update();
    }
}
