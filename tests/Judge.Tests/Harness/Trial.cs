using System.Runtime.InteropServices;

namespace BsdVm.Judge;

/// <summary>
/// One set of tables, walked by both sides. First the accesses that our walker allows, then the ones that it refuses; after each part the
/// tables must be the same, accessed and dirty bits included.
/// </summary>
internal sealed class Trial(Emulator emulator, PhysicalMemory memory, Mmu mmu, KnownDifferences known)
{
    /// <summary>Compares.</summary>
    /// <param name="root">The root table's physical address.</param>
    /// <param name="tables">The frames that tables lie in.</param>
    /// <param name="registers">The stub's registers.</param>
    /// <param name="accesses">Any accesses. Not made are those to where there is no memory or the stub is, and of several stores to one
    /// place all but the first.</param>
    /// <param name="findings">Where the results go.</param>
    public void Run(
        ulong root,
        IReadOnlyCollection<PageFrameNumber> tables,
        ReadOnlySpan<ulong> registers,
        IEnumerable<Access> accesses,
        Findings findings)
    {
        var allowed = new List<Access>();
        var refused = new List<Access>();
        var stored = new HashSet<ulong>();
        foreach (Access access in accesses.Take(Emulator.Capacity))
        {
            Verdict verdict = Expect(access);
            if (!verdict.IsAllowed)
            {
                refused.Add(access);
            }
            else if (emulator.Holds(verdict.Physical) && (access.Kind != AccessKind.Write || stored.Add(verdict.Physical)))
            {
                allowed.Add(access);
            }
        }

        Compare(root, tables, registers, allowed, findings);
        Compare(root, tables, registers, refused, findings);
        foreach (PageFrameNumber frame in tables)
        {
            emulator.Memory.Write<ulong>(frame.Address.Value, new ulong[PageSize.BaseBytes / 8]);
        }
    }

    private void Compare(
        ulong root, IReadOnlyCollection<PageFrameNumber> tables, ReadOnlySpan<ulong> registers, List<Access> accesses, Findings findings)
    {
        Verdict[] expected = [.. accesses.Select(Expect)];
        foreach (PageFrameNumber frame in tables)
        {
            emulator.Memory.Write(frame.Address.Value, memory.Frame(frame));
        }

        foreach (Verdict verdict in expected.Where(static verdict => verdict.IsAllowed))
        {
            emulator.FillSlot(verdict.Physical & ~(Slot.Bytes - 1));
        }

        emulator.Lend(root);
        ReadOnlySpan<Emulator.Answer> answers = emulator.Run(registers, CollectionsMarshal.AsSpan(accesses));
        Return(root);
        for (int index = 0; index < accesses.Count; index++)
        {
            Access access = accesses[index];
            Judge(
                access, expected[index], emulator.Read(access, answers[index], expected[index].Physical, Emulator.MarkOf(index)), findings);
            mmu.TryWalk(new(access.Address), access.Kind, access.Mode, out _, out _);
        }

        CompareTables(root, tables, afterFaults: accesses.Count > 0 && !expected[0].IsAllowed, findings);
        ReadOnlySpan<byte> zeros = stackalloc byte[(int)Slot.Bytes];
        foreach (Verdict verdict in expected.Where(static verdict => verdict.IsAllowed))
        {
            emulator.Memory.Write(verdict.Physical & ~(Slot.Bytes - 1), zeros);
        }
    }

    private void Return(ulong root)
    {
        (ulong address, int bytes) = emulator.LentEntry(root);
        if (bytes > 0)
        {
            Span<byte> entry = stackalloc byte[bytes];
            memory.Read(new(address), entry);
            emulator.Memory.Write<byte>(address, entry);
        }
    }

    private Verdict Expect(Access access)
    {
        bool isAllowed = mmu.TryProbe(new(access.Address), access.Kind, access.Mode, out ulong translation, out MachineFault fault);
        return isAllowed
            ? Verdict.Allowed((translation & TlbFlagsExtensions.PageMask) | PageSize.Base.OffsetIn(access.Address))
            : Verdict.Refused(known.Describe(fault));
    }

    private void Judge(Access access, Verdict ours, Verdict theirs, Findings findings)
    {
        findings.Note(ours);
        if (ours != theirs)
        {
            WalkExplanation walk = mmu.Explain(new(access.Address), access.Kind, access.Mode);
            string entries = string.Join(' ', walk.Steps.Select(static step => $"{step.Level} at {step.EntryAddress}=0x{step.Entry:x}"));
            findings.Differ(
                $"{access.Mode} {access.Kind} of 0x{access.Address:x}: ours {ours}, QEMU {theirs}; "
                + $"{known}; {entries}{known.Entries(access.Address)}");
        }
    }

    private void CompareTables(ulong root, IReadOnlyCollection<PageFrameNumber> tables, bool afterFaults, Findings findings)
    {
        var theirs = new ulong[PageSize.BaseBytes / 8];
        foreach (PageFrameNumber frame in tables)
        {
            emulator.Memory.Read<ulong>(frame.Address.Value, theirs);
            ReadOnlySpan<ulong> ours = MemoryMarshal.Cast<byte, ulong>(memory.Frame(frame));
            for (int index = 0; index < theirs.Length; index++)
            {
                ulong at = frame.Address.Value + ((ulong)index * 8);
                if (ours[index] != theirs[index] && !known.Excuses(at - root, ours[index], theirs[index], afterFaults))
                {
                    findings.Differ(
                        $"entry at 0x{at:x}{(afterFaults ? " after faults" : "")}: "
                        + $"ours 0x{ours[index]:x}, QEMU 0x{theirs[index]:x}; {known}");
                }
            }
        }
    }
}
