using System.Runtime.CompilerServices;

namespace BsdVm.Walks;

/// <summary>What one walk over a port touched, collected without allocation and priced when the walk has ended.</summary>
public sealed class WalkTrail
{
    private const int Length = 64;

    private readonly ulong[] _addresses = new ulong[Length];
    private int _references;
    private int _aside;
    private int _instructions;
    private ulong _crossings;

    /// <summary>Begins a walk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin()
    {
        _references = 0;
        _aside = 0;
        _instructions = 0;
        _crossings = 0;
    }

    /// <summary>An entry was read, after the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(ulong address) => _addresses[_references++ & (Length - 1)] = address;

    /// <summary>An entry was read together with the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Probe(ulong address)
    {
        _addresses[_references++ & (Length - 1)] = address;
        _aside++;
    }

    /// <summary>Another word of an entry was read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Beside(ulong address, ulong entry)
    {
        // The highest bit in which the two differ tells which lines hold both.
        ulong apart = address ^ entry;
        if (apart >= 32)
        {
            _crossings += apart >= 128 ? (apart >= 256 ? 0x0001_0001_0001_0001UL : 0x0001_0001_0001UL) : (apart >= 64 ? 0x0001_0001UL : 1);
        }
    }

    /// <summary>The handler ran instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Execute(int instructions) => _instructions += instructions;

    /// <summary>The price of the walk.</summary>
    /// <param name="sharesLines">Whether references may share cache lines.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WalkCost Cost(bool sharesLines) =>
        new(_references, _references - _aside, sharesLines && _references > 1 ? Repeats() : default, _instructions, new(_crossings));

    // As LineRepeats.And counts them, one pass for each reference: most walks share no line, and then nothing is added.
    private LineRepeats Repeats()
    {
        ReadOnlySpan<ulong> addresses = _addresses.AsSpan(0, Math.Min(_references, Length));
        var repeats = default(LineRepeats);
        for (int reference = 1; reference < addresses.Length; reference++)
        {
            ulong own = addresses[reference];
            ReadOnlySpan<ulong> before = addresses[..reference];
            ulong nearest = ulong.MaxValue;
            foreach (ulong other in before)
            {
                ulong apart = own ^ other;
                nearest = apart < nearest ? apart : nearest;
            }

            if (nearest < 256)
            {
                repeats = repeats.And(own, before);
            }
        }

        return repeats;
    }
}
