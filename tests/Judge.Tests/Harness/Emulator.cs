using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BsdVm.Judge;

/// <summary>
/// An emulated processor that makes accesses and says what became of them. A stub in its memory polls a mailbox for a list of accesses
/// and makes each with a cold TLB; its exception handlers write the answers. What differs between processors is in derived classes.
/// </summary>
internal abstract class Emulator : IDisposable
{
    /// <summary>Accesses that one call can make.</summary>
    public const int Capacity = 8192;

    private const int MailboxOffset = 0x1000;
    private const int QueriesOffset = 0x10000;
    private const int AnswersOffset = 0x80000;
    private const ulong StubLimit = 0x20_0000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Qemu _qemu;
    private readonly Answer[] _answers = new Answer[Capacity];

    /// <summary>Starts it.</summary>
    /// <param name="program">The QEMU for the processor.</param>
    /// <param name="cpu">QEMU's name of it, with features.</param>
    /// <param name="memoryBytes">Physical memory.</param>
    /// <param name="stub">The stub's resource.</param>
    /// <param name="stubBase">Where in physical memory it lies.</param>
    protected Emulator(string program, string cpu, ulong memoryBytes, string stub, ulong stubBase)
    {
        Memory = new(memoryBytes);
        StubBase = stubBase;
        try
        {
            LoadStub(stub);
            Memory.Write(stubBase + MailboxOffset, uint.MaxValue);
            PrepareTables();
            _qemu = new(program, cpu, Memory.FilePath, memoryBytes);
            Wait();
            Memory.Unlink();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SharedMemory Memory { get; }

    protected ulong StubBase { get; }

    /// <summary>Makes the accesses, in order, by the tables in memory.</summary>
    /// <param name="registers">What the stub loads first, in the order of its mailbox.</param>
    /// <param name="accesses">At most <see cref="Capacity"/>; access <c>i</c> stores the word <c>0x80000000 + i</c>.</param>
    public ReadOnlySpan<Answer> Run(ReadOnlySpan<ulong> registers, ReadOnlySpan<Access> accesses)
    {
        var queries = new Query[accesses.Length];
        for (int index = 0; index < queries.Length; index++)
        {
            Access access = accesses[index];
            queries[index] = new(access.Address, (uint)access.Kind | ((uint)access.Mode << 8), MarkOf(index));
        }

        Memory.Write<Query>(StubBase + QueriesOffset, queries);
        Memory.Write(StubBase + MailboxOffset + 8, registers);
        Memory.Write(StubBase + MailboxOffset + 4, (uint)accesses.Length);
        Thread.MemoryBarrier();
        Memory.Write(StubBase + MailboxOffset, 1U);
        Wait();
        Memory.Read(StubBase + AnswersOffset, _answers.AsSpan(0, accesses.Length));
        return _answers.AsSpan(0, accesses.Length);
    }

    /// <summary>The word that access <paramref name="index"/> of a run stores.</summary>
    public static uint MarkOf(int index) => 0x80000000U + (uint)index;

    /// <summary>Whether there is memory at a physical address, and not the stub's.</summary>
    public bool Holds(ulong physical) => physical < Memory.LengthBytes && physical - StubBase >= StubLimit;

    /// <summary>Maps the stub by tables that are in memory, through one entry of the root.</summary>
    public abstract void Lend(ulong root);

    /// <summary>Where that entry is, and how many bytes it has.</summary>
    public abstract (ulong Address, int Bytes) LentEntry(ulong root);

    /// <summary>Fills a slot of physical memory.</summary>
    public abstract void FillSlot(ulong physical);

    /// <summary>What an answer says. For a store, <paramref name="expected"/> is where its word is looked for.</summary>
    public abstract Verdict Read(in Access access, in Answer answer, ulong expected, uint mark);

    public void Dispose()
    {
        _qemu?.Dispose();
        Memory.Dispose();
    }

    /// <summary>Writes what the stub's own mapping needs, once.</summary>
    protected abstract void PrepareTables();

    private void LoadStub(string name)
    {
        using Stream resource =
            typeof(Emulator).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException(name, nameof(name));
        using var reader = new StreamReader(resource);
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            ulong offset = ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Memory.Write<byte>(StubBase + offset, Convert.FromHexString(parts[1]));
        }
    }

    private void Wait()
    {
        long start = Stopwatch.GetTimestamp();
        while (Memory.Read<uint>(StubBase + MailboxOffset) != 0)
        {
            Thread.Sleep(Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(5) ? 1 : 0);
            if (Stopwatch.GetElapsedTime(start) > Patience || _qemu.Errors.Length > 0)
            {
                throw new InvalidOperationException($"QEMU does not answer: {_qemu.Errors}");
            }
        }

        Thread.MemoryBarrier();
    }

    /// <summary>What the handler of the exception that ended an access found.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Answer(uint Vector, uint Code, uint Value, uint Counter, ulong Address, ulong Unused);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Query(ulong Address, uint What, uint Mark);
}
