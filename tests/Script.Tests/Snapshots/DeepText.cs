using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace BsdVm.Script.Tests;

/// <summary>
/// Everything that can be reached from a value, as text, read from its fields. A field that could be written later, or a class that is not
/// made for snapshots, is refused: through it the value could change.
/// </summary>
internal static class DeepText
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static string Of(object value)
    {
        var text = new StringBuilder();
        Add(text, value);
        return text.ToString();
    }

    private static void Add(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null or string or bool or Enum:
                text.Append(value).Append(' ');
                break;
            case IConvertible number:
                text.Append(number.ToString(CultureInfo.InvariantCulture)).Append(' ');
                break;
            case IEnumerable elements:
                Assert.StartsWith("System.Collections.Immutable.ImmutableArray`1", value.GetType().FullName, StringComparison.Ordinal);
                text.Append('[');
                foreach (object? element in elements)
                {
                    Add(text, element);
                }

                text.Append(']');
                break;
            default:
                AddFields(text, value);
                break;
        }
    }

    private static void AddFields(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append('(');
        for (Type? type = value.GetType(); type is not null && type != typeof(object) && type != typeof(ValueType); type = type.BaseType)
        {
            Assert.True(type.IsValueType || type.Namespace == "BsdVm.Snapshots" || type == typeof(PmapTableUse), $"{type} is no snapshot");
            foreach (FieldInfo field in type.GetFields(Fields))
            {
                Assert.True(field.IsInitOnly, $"{type.Name}.{field.Name} can be written");
                Add(text, field.GetValue(value));
            }
        }

        text.Append(')');
    }
}
