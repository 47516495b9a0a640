namespace BsdVm;

/// <summary>Every page exists and is zeros; what is put is lost. Source: the kernel's zero-fill object, /dev/zero.</summary>
public sealed class ZeroPager : Pager
{
    /// <inheritdoc/>
    public override string Kind => "zero";

    /// <inheritdoc/>
    public override PagerLookup HasPage(ulong index) => PagerLookup.Present;

    /// <inheritdoc/>
    public override PagerStatus GetPage(PagerTransfer transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        transfer.Memory.ZeroFrame(transfer.Frame);
        return PagerStatus.Done;
    }

    /// <inheritdoc/>
    public override PagerStatus PutPage(ulong index, PhysicalMemory memory, PageFrameNumber frame) => PagerStatus.Done;
}
