namespace BsdVm.Mips;

/// <summary>Which exception a refused access is.</summary>
internal static class MipsException
{
    public static MipsExceptionCode CodeOf(AccessKind access, FaultReason reason)
    {
        bool isStore = access == AccessKind.Write;
        return reason switch
        {
            FaultReason.Protection => MipsExceptionCode.Modified,
            FaultReason.AddressRange => isStore ? MipsExceptionCode.AddressStore : MipsExceptionCode.AddressLoad,
            _ => isStore ? MipsExceptionCode.TlbStore : MipsExceptionCode.TlbLoad,
        };
    }
}
