namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override bool MayPromiseCopy() => true;

    private protected override Process CreateChild(string name, VmSpace space, ProcessHeap heap, bool ownsSpace) =>
        new BsdProcess(Kernel, _system, name, space, heap, ownsSpace);
}
