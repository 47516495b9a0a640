namespace BsdVm.X86;

/// <content>Loads of the control registers, and what a load derives from them.</content>
public sealed partial class X86Mmu<TFormat>
{
    /// <summary>All control registers. Set, they are loaded as by <see cref="TryLoad"/>.</summary>
    /// <exception cref="ArgumentException">The load raises #GP(0).</exception>
    public X86Registers Registers
    {
        get => _registers;
        set
        {
            if (!TryLoad(value))
            {
                throw GeneralProtection(value.Cr3);
            }
        }
    }

    /// <summary>CR3 alone. Set, it is loaded as by <see cref="TryLoadCr3"/>.</summary>
    /// <exception cref="ArgumentException">The load raises #GP(0).</exception>
    public ulong Cr3
    {
        get => _registers.Cr3;
        set
        {
            if (!TryLoadCr3(value))
            {
                throw GeneralProtection(value);
            }
        }
    }

    /// <summary>
    /// Loads all control registers. With PAE this reads the PDPTEs, as a change of CR0.PG, CR4.PAE, CR4.PSE or CR4.PGE does.
    /// </summary>
    /// <returns>False if it raises #GP(0), and nothing has changed.</returns>
    public bool TryLoad(X86Registers registers)
    {
        if (!TryReadPointers(registers))
        {
            return false;
        }

        _registers = registers;
        _rights = new(registers, TFormat.HasProtectionKeys);
        Derive();
        return true;
    }

    /// <summary>
    /// MOV CR3, as a switch of address spaces does it: the root, the PCID with CR4.PCIDE=1, and with PAE the four PDPTEs, which keep their
    /// values until the next load, whatever is written to memory. A present PDPTE with a reserved bit makes it fail.
    /// The TLBs are the processor's: unless CR4.PCIDE=1 and the source has <see cref="X86Registers.NoFlush"/>, whoever loads also drops
    /// what they keep under the PCID. Source: Intel SDM volume 3, PDPTE registers; caching translation information, PCIDs.
    /// </summary>
    /// <returns>False if it raises #GP(0), and nothing has changed.</returns>
    public bool TryLoadCr3(ulong source)
    {
        X86Registers registers = _registers with
        {
            Cr3 = TFormat.HasProcessContexts && _registers.Pcide ? source & ~X86Registers.NoFlush : source,
        };
        if (!TryReadPointers(registers))
        {
            return false;
        }

        _registers = registers;
        DeriveRoot();
        return true;
    }

    private void Derive()
    {
        DeriveRoot();
        _unusual = TFormat.ReservedBits(1, isLarge: false, _registers);
        _unusualAbove = TFormat.Levels > 2 || _registers.Pse ? (ulong)X86EntryFlags.PageSize : 0;
    }

    private void DeriveRoot()
    {
        _root = TFormat.RootOf(_registers.Cr3).Value;
        Tag = TFormat.HasProcessContexts && _registers.Pcide ? (uint)_registers.Cr3 & 0xFFF : 0;
    }

    // All four or none.
    private bool TryReadPointers(in X86Registers registers)
    {
        if (!TFormat.HasPointerRegisters)
        {
            return true;
        }

        ulong table = TFormat.RootOf(registers.Cr3).Value;
        ulong reserved = TFormat.ReservedBits(TFormat.Levels, isLarge: false, registers);
        X86Path.Buffer pointers = default;
        for (int index = 0; index < 4; index++)
        {
            ulong pointer = ReadEntry(table + ((ulong)index << TFormat.EntryShift));
            if ((pointer & Present) != 0 && (pointer & reserved) != 0)
            {
                return false;
            }

            pointers[index] = pointer;
        }

        _pointers = pointers;
        return true;
    }

    private static ArgumentException GeneralProtection(ulong cr3) =>
        new($"Loading CR3 with 0x{cr3:x} raises #GP(0): a present PDPTE has a reserved bit set.", nameof(cr3));
}
