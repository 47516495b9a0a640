using BsdVm.Posix;

namespace BsdVm.Script.Tests;

/// <summary>
/// A throw as any operation of the language: locks, moves, copies of system calls, the heap, stacks, all rights, vfork, wait.
/// </summary>
internal static class EveryOperation
{
    private const ulong Heap = 0x8000000;

    public static string Text(IEnumerable<Throw> throws, bool linux, bool eager) =>
        RandomScript.Text(
            throws,
            new MachineOptions { Os = linux ? OperatingSystemKind.Linux : OperatingSystemKind.Bsd, ForksEagerly = eager ? true : null },
            Operation);

    private static ScriptOperation Operation(Throw one)
    {
        VirtualAddress address = RandomScript.At((ulong)one.Page);
        VirtualAddress inside = address + (ulong)(one.Detail & 7);
        return one.Kind switch
        {
            < 12 => Mmap(one, address),
            < 16 => new MunmapOperation(address, Bytes(one.Count)),
            < 24 => new MprotectOperation(address, Bytes(one.Count), (Protection)(one.Detail % 8)),
            < 29 => new ForkOperation(""),
            < 31 => new VforkOperation(""),
            < 35 => new ExitOperation(),
            < 56 => OnRange(one, address),
            < 60 => new PreadOperation(RandomScript.File(one), (ulong)(one.Detail % 5) * 3000, inside, 5000),
            < 64 => new PwriteOperation(RandomScript.File(one), (ulong)(one.Detail % 5) * 3000, inside, 5000),
            < 66 => new BrkOperation(new VirtualAddress(Heap) + Bytes(one.Count)),
            < 68 => new SbrkOperation((one.Detail % 5 - 2) * (long)PageSize.BaseBytes),
            < 70 => new FileWriteOperation(RandomScript.File(one), Bytes(one.Detail % 4), RandomScript.Letter(one)),
            < 72 => new FileTruncateOperation(RandomScript.File(one), Bytes(one.Detail % 6)),
            < 73 => new FileReadOperation(RandomScript.File(one), Bytes(one.Detail % 4), 8),
            < 74 => new FetchOperation(inside),
            < 76 => new FillOperation(address + 4090, 4096, (byte)('A' + (one.Detail % 26))),
            < 88 => new StoreOperation(inside, RandomScript.Letter(one)),
            < 96 => new LoadOperation(inside, 2),
            < 98 => new WaitOperation(""),
            _ => new MapsOperation(),
        };
    }

    private static MmapOperation Mmap(Throw one, VirtualAddress address)
    {
        bool stack = one.Detail % 11 == 0;
        ScriptSource source = one.Detail % 5 < 3 || stack
            ? ScriptSource.Anonymous
            : new ScriptSource(RandomScript.File(one), Bytes(one.Detail % 4), ReadOnly: one.Detail % 13 == 0);
        return new MmapOperation(
            address, Bytes(one.Count + 2), (Protection)((one.Detail >> 3) % 8),
            !stack && one.Detail % 3 == 0, source, one.Detail % 7 == 0, stack);
    }

    private static ScriptOperation OnRange(Throw one, VirtualAddress address)
    {
        ulong length = Bytes(one.Count);
        int detail = one.Detail >> 3;
        return (one.Kind - 35) switch
        {
            < 4 => new MlockOperation(address, length),
            < 6 => new MunlockOperation(address, length),
            < 11 => Mremap(one, address),
            < 13 => new MsyncOperation(address, length, (MsyncMode)(detail % 3)),
            < 16 => new MadviseOperation(address, length, (MadviseKind)(detail % 6)),
            < 19 => new MinheritOperation(address, length, (VmInheritance)(detail % 4)),
            _ => new MincoreOperation(address, length),
        };
    }

    // In place, anywhere, or over what stands at another page; a second view where the old length is nothing.
    private static MremapOperation Mremap(Throw one, VirtualAddress address)
    {
        ulong old = one.Detail % 9 == 0 ? 0 : Bytes(one.Count);
        VirtualAddress? target = one.Detail % 3 == 2 ? RandomScript.At((ulong)((one.Detail >> 4) % 12)) : null;
        return new MremapOperation(address, old, Bytes(1 + ((one.Detail >> 2) % 4)), one.Detail % 3 == 1, target);
    }

    private static ulong Bytes(int pages) => (ulong)pages * PageSize.BaseBytes;
}
