using System.Globalization;

namespace BsdVm.Views;

/// <summary>Words of memory as text.</summary>
internal static class Words
{
    /// <summary>A word in hexadecimal, with the zeros in front that its size gives it.</summary>
    public static string Hex(ulong word, int bytes) => word.ToString("x", CultureInfo.InvariantCulture).PadLeft(bytes * 2, '0');
}
