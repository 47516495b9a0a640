using BsdVm.Snapshots;

namespace BsdVm.Tests.Reading;

/// <summary>Says in which object an access would find its page, as a fault searches: from the top of the chain down.</summary>
public static class PageOwner
{
    public static string Of(VmSpaceSnapshot space, VirtualAddress address)
    {
        if (space.Map.Lookup(address) is not { } entry)
        {
            return "nothing is mapped";
        }

        ulong offset = entry.Offset + (address - entry.Range.Start);
        foreach (VmObjectSnapshot each in entry.Object?.Chain() ?? [])
        {
            foreach (ResidentPage page in each.Pages)
            {
                if (page.Index == offset / PageSize.BaseBytes)
                {
                    return $"frame {page.Frame} of {each}";
                }
            }

            offset += each.ShadowOffset;
        }

        return "zeros";
    }
}
