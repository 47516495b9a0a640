using System.Text;

namespace BsdVm.Cli;

/// <summary>Writes what commands print; no control character of an input passes, so that no file can command a terminal.</summary>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    /// <summary>Where the text goes: for what the program itself says to a terminal.</summary>
    public TextWriter Inner => inner;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (PlainText.IsSafe(buffer))
        {
            inner.Write(buffer);
        }
        else
        {
            inner.Write(PlainText.Escape(buffer));
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        Write(value);
        inner.Write('\n');
    }

    /// <inheritdoc/>
    public override void WriteLine() => inner.Write('\n');

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
