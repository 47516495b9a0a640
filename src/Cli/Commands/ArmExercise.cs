using BsdVm.Arm;

namespace BsdVm.Cli;

/// <summary>
/// The exercise of the textbooks: memory in which every word holds its own address plus 0x10000, TTBR0 = 0, and an address to translate.
/// Once by the raw arithmetic that the exercise is after, which takes every word for a descriptor of the kind that it needs; and once as
/// a processor reads the same words, by their type bits.
/// </summary>
internal static class ArmExercise
{
    /// <summary>What is added to a word's address to give its contents.</summary>
    public const uint Offset = 0x10000;

    /// <summary>Physical memory so filled.</summary>
    /// <param name="frameCount">Its size; 0x30 frames hold all that the address 0x12345678 leads to.</param>
    public static PhysicalMemory CreateMemory(ulong frameCount)
    {
        var memory = new PhysicalMemory(frameCount);
        for (ulong address = 0; address < memory.LengthBytes; address += 4)
        {
            memory.Write32(new(address), (uint)address + Offset);
        }

        return memory;
    }

    /// <summary>
    /// The arithmetic alone: the top 12 address bits index a table at 0; of the word there, bits 31:10 are a table that the next 8 address
    /// bits index; of the word there, bits 31:12 are the page. Type bits are not looked at.
    /// </summary>
    public static WalkExplanation Arithmetic(PhysicalMemory memory, VirtualAddress address)
    {
        ArgumentNullException.ThrowIfNull(memory);
        int firstIndex = (int)(address.Value >> 20) & 0xFFF;
        int secondIndex = (int)(address.Value >> 12) & 0xFF;
        ulong offset = address.OffsetInPage;
        WalkStep first = Step(memory, "first-level entry", new(0), firstIndex, 0x3FF, "second-level table");
        WalkStep second = Step(memory, "second-level entry", new(first.Entry & ~0x3FFUL), secondIndex, 0xFFF, "page");
        PhysicalAddress physical = new PhysicalAddress(second.Entry & ~0xFFFUL) + offset;
        return new(
            address,
            $"first-level index 0x{firstIndex:x}, second-level index 0x{secondIndex:x}, offset 0x{offset:x}",
            [first, second], true, physical,
            $"physical address {physical}, where the word is 0x{memory.Read32(physical):x}");
    }

    /// <summary>The same memory as a processor reads it, every domain a client and no access flag.</summary>
    public static WalkExplanation Descriptors(PhysicalMemory memory, VirtualAddress address)
    {
        var mmu = new ArmMmu(memory) { Registers = new() { Ttbr0 = 0, Dacr = 0x5555_5555, Afe = false, Tre = false } };
        return mmu.Explain(address, AccessKind.Read, PrivilegeMode.Supervisor);
    }

    private static WalkStep Step(PhysicalMemory memory, string name, PhysicalAddress table, int index, ulong lowBits, string leadsTo)
    {
        PhysicalAddress at = table + ((ulong)index << 2);
        uint word = memory.Read32(at);
        return new(name, table, index, at, word, 4, $"{leadsTo} at 0x{word & ~lowBits:x}");
    }
}
