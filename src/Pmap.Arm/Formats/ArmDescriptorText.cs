using System.Globalization;

namespace BsdVm.Arm;

/// <summary>Descriptors in words, with the manual's names.</summary>
internal static class ArmDescriptorText
{
    public static string Describe(in ArmDescriptor descriptor) => descriptor.Kind switch
    {
        ArmDescriptorKind.Fault => "type 00: fault",
        ArmDescriptorKind.Table => $"second-level table at {Hex(descriptor.Base)}, domain {descriptor.Domain}{FirstWords(descriptor)}",
        ArmDescriptorKind.Section =>
            $"section {Hex(descriptor.Base)}, domain {descriptor.Domain},{MemoryWords(descriptor)}{FirstWords(descriptor)}",
        ArmDescriptorKind.Supersection => $"supersection {Hex(descriptor.Base)},{MemoryWords(descriptor)}{FirstWords(descriptor)}",
        ArmDescriptorKind.LargePage => $"large page {Hex(descriptor.Base)},{MemoryWords(descriptor)}",
        _ => $"small page {Hex(descriptor.Base)},{MemoryWords(descriptor)}",
    };

    public static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string MemoryWords(in ArmDescriptor descriptor)
    {
        ArmAttributes attributes = descriptor.Attributes;
        string type = $" AP={Binary(attributes.AccessPermissions)} TEX={Binary(attributes.TypeExtension)}";
        return type
            + Word(attributes.Cacheable, "C") + Word(attributes.Bufferable, "B") + Word(attributes.Shareable, "S")
            + Word(attributes.NotGlobal, "nG") + Word(attributes.ExecuteNever, "XN");
    }

    private static string FirstWords(in ArmDescriptor descriptor) =>
        Word(descriptor.PrivilegedExecuteNever, "PXN") + Word(descriptor.NonSecure, "NS");

    private static string Word(bool condition, string word) => condition ? " " + word : "";

    private static string Binary(int threeBits) => Convert.ToString(threeBits, 2).PadLeft(3, '0');
}
