using System.Text;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests.Traces;

/// <summary>
/// Each sample cut off at every length, and with every byte changed: it is read, or refused with the place and one line of reason. The
/// compact form, which has checksums, is refused or is as it was.
/// </summary>
public class DamageTests
{
    private static readonly byte[] Masks = [0x01, 0x20, 0x80, 0xFF];

    public static TheoryData<string, TraceFormat, bool> Samples => new()
    {
        { "accesses.lackey", TraceFormat.Lackey, false },
        { "accesses.lackey.gz", TraceFormat.Detect, true },
        { "calls.lackey", TraceFormat.Detect, false },
        { "words.u64", TraceFormat.Words, false },
        { "pages.txt", TraceFormat.Pages, false },
        { "program.bvt", TraceFormat.Binary, true },
        { "program-brotli.bvt", TraceFormat.Binary, true },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Cut_off_anywhere(string sample, TraceFormat format, bool isChecked)
    {
        byte[] whole = TraceContent.Bytes(sample);
        TraceContent sound = TraceContent.Read(whole, format);
        for (int length = 0; length < whole.Length; length++)
        {
            TraceContent? read = TryRead(whole[..length], format, out _);
            Assert.True(
                !isChecked || read is null || read.Events.SequenceEqual(sound.Events),
                $"{length} bytes of {whole.Length} passed for the whole");
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Any_byte_changed(string sample, TraceFormat format, bool isChecked)
    {
        byte[] whole = TraceContent.Bytes(sample);
        TraceContent sound = TraceContent.Read(whole, format);
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            // Texts take one mask a byte in turn: each read of one takes its buffer anew.
            foreach (byte mask in format is TraceFormat.Binary ? Masks : [Masks[at % Masks.Length]])
            {
                byte[] changed = [.. whole];
                changed[at] ^= mask;
                TraceContent? read = TryRead(changed, format, out _);
                refused += read is null ? 1 : 0;
                Assert.True(
                    !isChecked || read is null || read.Events.SequenceEqual(sound.Events),
                    $"byte {at} with {mask:x2} was read as something else");
            }
        }

        Assert.True(format == TraceFormat.Words || refused > 0);
    }

    [Fact]
    public void Initial_memory_cut_off_or_changed()
    {
        byte[] whole = TraceContent.Bytes("initial.maps");
        for (int at = 0; at < whole.Length; at++)
        {
            TryParse(Encoding.UTF8.GetString(whole, 0, at));
            foreach (byte mask in Masks)
            {
                byte[] changed = [.. whole];
                changed[at] ^= mask;
                TryParse(Encoding.UTF8.GetString(changed));
            }
        }
    }

    [Theory]
    [InlineData("I  1000,3\nX  1000,3\n", 2)]
    [InlineData("I  1000,3\n L 1000,0\n", 2)]
    [InlineData("I  1000,4097\n", 1)]
    [InlineData("I  \n", 1)]
    [InlineData("\n\nI  ffffffffffffffff,2\n", 3)]
    [InlineData("I  12345678123456781,2\n", 1)]
    [InlineData("==1== x\nSYSCALL[1,1]9) sys_mmap ( 0x0 )\n", 2)]
    [InlineData("I  1000,3\nSYSCALL[1,1](9) sys_mmap ( 0x0, 5 ) --> [pre-success] Success(0x1)\n", 2)]
    [InlineData("SYSCALL[1,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(x)\n", 1)]
    [InlineData("SYSCALL[1,1](12) sys_brk ( 0x0 )[sync] --> Success(0x0)\nSYSCALL[2,1](12) sys_brk ( 0x0 )[sync] --> Success(0x0)\n", 2)]
    public void A_bad_line_is_named(string text, int line)
    {
        Assert.Null(TryRead(Encoding.ASCII.GetBytes(text), TraceFormat.Detect, out TraceFormatException? failure));
        Assert.Equal(line, failure!.Line);
    }

    [Theory]
    [InlineData("1000-2000 r--p 0 0:0 0\n800-900 r--p 0 0:0 0", 2)]
    [InlineData("1000-2000 r--p 0 0:0 0\n1000-3000 r--p 0 0:0 0", 2)]
    [InlineData("2000-1000 r--p 0 0:0 0", 1)]
    [InlineData("1000-2001 r--p 0 0:0 0", 1)]
    [InlineData("1000-2000 r--q 0 0:0 0", 1)]
    [InlineData("1000-2000 r--p 0 00 0", 1)]
    [InlineData("1000-2000 r--p 0 0:0", 1)]
    [InlineData("\n1000", 2)]
    public void A_bad_row_is_named(string text, int line) =>
        Assert.Equal(line, Assert.Throws<TraceFormatException>(() => MemoryMapFile.Parse(text, "maps")).Line);

    [Fact]
    public void Words_cut_off_tell_the_byte()
    {
        Assert.Null(TryRead(TraceContent.Bytes("words.u64")[..19], TraceFormat.Words, out TraceFormatException? failure));
        Assert.Equal(19, failure!.Offset);
    }

    private static TraceContent? TryRead(byte[] bytes, TraceFormat format, out TraceFormatException? failure)
    {
        failure = null;
        try
        {
            return TraceContent.Read(bytes, format, bufferLength: 64);
        }
        catch (TraceFormatException refused)
        {
            AssertTold(refused, "sample");
            failure = refused;
            return null;
        }
    }

    private static void TryParse(string text)
    {
        try
        {
            Assert.InRange(MemoryMapFile.Parse(text, "maps").Count, 0, 6);
        }
        catch (TraceFormatException refused)
        {
            AssertTold(refused, "maps");
        }
    }

    // One printable line with the place; only a log without any access has none.
    private static void AssertTold(TraceFormatException refused, string name)
    {
        Assert.StartsWith(name, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
        Assert.True(
            refused.Line is > 0 || refused.Offset is >= 0 || refused.Reason.StartsWith("there is no access", StringComparison.Ordinal),
            refused.Message);
    }
}
