using System.Text;

namespace BsdVm.Cli.Tests.Mutations;

/// <summary>What can happen to an input.</summary>
public enum MutationKind
{
    SetByte,
    FlipBit,
    InsertByte,
    Delete,
    Repeat,
    Truncate,
    DeleteLine,
    RepeatLine,
    SwapLines,
    ReplaceToken,
    InsertToken,
    RepeatToken,
}

/// <summary>One damage to an input. Its numbers are reduced to what the input has, so that every one can happen to every input.</summary>
public sealed record Mutation(MutationKind Kind, int Place, int Length, int Value)
{
    /// <summary>Numbers at and beyond limits, escape sequences, quotes, signs of the formats, nothing, and too much.</summary>
    private static readonly string[] Tokens =
    [
        "", "0", "-1", "00000000000000000000001", "65535", "2147483647", "2147483648", "4294967295", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "0x", "0xffffffffffffffff", "0xfffffffffffff000",
        "0x7ffffffff000", "1e308", "1e400", "-1e-400", "NaN", "Infinity", "999999999999999999999999999999999999999999", "\u001b[31m",
        "\u001b]0;title\u0007", "\u009b2J", "\u202e", "\u2028", "\r", "\0", "\t", "\"", "\\", "\\x1b", "\\u001b", "'", "==", "#", ":", "=",
        ",", "{", "}", "[", "]", "{0}", "%s", "é", "\ufeff", "null", "true", new('9', 100), new('A', 5000),
    ];

    private static readonly byte[] Separators = [.. " \t\n\u0001,:=@(){}[]"u8];

    // What is repeated is a key with its value.
    private static readonly byte[] Gaps = [.. " \t\n\u0001,{}"u8];

    /// <summary>The input with this damage.</summary>
    public byte[] Apply(byte[] input) => Kind switch
    {
        MutationKind.SetByte => Splice(input, Place % Math.Max(1, input.Length), 1, [(byte)Value]),
        MutationKind.FlipBit when input.Length > 0 => Splice(
            input, Place % input.Length, 1, [(byte)(input[Place % input.Length] ^ (1 << (Value % 8)))]),
        MutationKind.InsertByte => Splice(input, Place % (input.Length + 1), 0, [(byte)Value]),
        MutationKind.Delete => Splice(input, Place % (input.Length + 1), Length, []),
        MutationKind.Repeat => Splice(input, Place % (input.Length + 1), 0, input.AsSpan(Place % (input.Length + 1))[..Fitting(input)]),
        MutationKind.Truncate => input[..(Place % (input.Length + 1))],
        MutationKind.DeleteLine or MutationKind.RepeatLine or MutationKind.SwapLines => OnLines(input),
        MutationKind.ReplaceToken or MutationKind.InsertToken or MutationKind.RepeatToken => OnTokens(input),
        _ => input,
    };

    private int Fitting(byte[] input) => Math.Min(Length, input.Length - (Place % (input.Length + 1)));

    private byte[] OnLines(byte[] input)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(input).Split('\n')];
        int line = Place % lines.Count;
        int other = Value % lines.Count;
        switch (Kind)
        {
            case MutationKind.DeleteLine:
                lines.RemoveAt(line);
                break;
            case MutationKind.RepeatLine:
                lines.Insert(other, lines[line]);
                break;
            default:
                (lines[line], lines[other]) = (lines[other], lines[line]);
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    // The token that starts at or behind the place.
    private byte[] OnTokens(byte[] input)
    {
        byte[] separators = Kind == MutationKind.RepeatToken ? Gaps : Separators;
        int start = Place % (input.Length + 1);
        while (start > 0 && start < input.Length && !separators.Contains(input[start - 1]))
        {
            start++;
        }

        int end = start;
        while (end < input.Length && !separators.Contains(input[end]))
        {
            end++;
        }

        byte[] token = Encoding.UTF8.GetBytes(Tokens[Value % Tokens.Length]);
        return Kind switch
        {
            MutationKind.ReplaceToken => Splice(input, start, end - start, token),
            MutationKind.InsertToken => Splice(input, start, 0, [.. token, (byte)' ']),
            _ => Splice(input, start, 0, input.AsSpan(start, Math.Min(end + 1, input.Length) - start)),
        };
    }

    private static byte[] Splice(byte[] input, int place, int removed, ReadOnlySpan<byte> added)
    {
        int start = Math.Min(place, input.Length);
        return [.. input.AsSpan(0, start), .. added, .. input.AsSpan(Math.Min(start + removed, input.Length))];
    }
}
