using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>The whole state of one address space and the machine around it.</summary>
public sealed record StateView
{
    /// <summary>The machine.</summary>
    public required VmSystemSnapshot System { get; init; }

    /// <summary>The address space, or null where none is left.</summary>
    public VmSpaceSnapshot? Space { get; init; }

    /// <summary>The address whose walk is shown in place of the page tables, or null.</summary>
    public VirtualAddress? Address { get; init; }

    /// <summary>The walk for <see cref="Address"/> (<see cref="VmSpace.Explain"/>), or null where there is nothing to walk.</summary>
    public WalkExplanation? Walk { get; init; }

    /// <summary>Shows every frame in use.</summary>
    public bool AllFrames { get; init; }

    /// <summary>Writes map, layers, queues, TLBs, and page tables or the walk. Needs <see cref="Space"/>.</summary>
    public void WriteText(TextWriter output)
    {
        VmSpaceSnapshot space = Space ?? throw new InvalidOperationException("There is no address space to write about.");
        MapView.WriteText(output, space);
        ObjectView.WriteText(output, System);
        FrameView.WriteText(output, System.Pages, AllFrames);
        TlbView.WriteText(output, System.Cpus);
        if (Address is { } address)
        {
            WalkView.WriteText(output, Walk, space, address);
        }
        else
        {
            TableView.WriteText(output, space.Tables);
        }
    }

    /// <summary>Adds all of it to a document: what concerns the address space only where there is one.</summary>
    public void AddTo(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        document["objects"] = ObjectView.ToJson(System);
        document["frames"] = FrameView.ToJson(System.Pages);
        document["tlbs"] = TlbView.ToJson(System.Cpus);
        if (Space is { } space)
        {
            document["map"] = MapView.ToJson(space.Map);
            document["tables"] = TableView.ToJson(space.Tables);
            if (Address is { } address)
            {
                document["walk"] = WalkView.ToJson(Walk, space, address);
            }
        }
    }
}
