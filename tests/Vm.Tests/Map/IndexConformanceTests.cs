using BsdVm.Conformance;

namespace BsdVm.Tests.Map;

public class RedBlackIndexConformance : VmMapIndexConformance
{
    protected override VmMapIndex CreateIndex(VirtualAddress minimum) => new RedBlackIndex(minimum);
}

public class ListIndexConformance : VmMapIndexConformance
{
    protected override VmMapIndex CreateIndex(VirtualAddress minimum) => new ListIndex(minimum);
}
