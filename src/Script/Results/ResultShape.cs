namespace BsdVm.Script;

/// <summary>What an operation's RESULT looks like in a script.</summary>
internal enum ResultShape
{
    /// <summary>A word or a number.</summary>
    Plain,

    /// <summary>Bytes in quotes, or a word.</summary>
    Bytes,

    /// <summary>Bare characters <c>0</c> and <c>1</c> (<c>""</c> for none), or a word.</summary>
    Bits,
}
