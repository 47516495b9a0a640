namespace BsdVm.X86;

/// <content>The tables in the manual's words.</content>
public sealed partial class X86Pmap<TFormat>
{
    /// <inheritdoc/>
    protected override string TableNameOf(int level) => TFormat.TableName(level);

    /// <inheritdoc/>
    protected override string DescribeEntry(ulong entry, int level) => X86EntryText.Describe<TFormat>(entry, level, new X86Registers());
}
