namespace BsdVm.Conformance;

/// <summary>
/// How many cases the properties of a class make that do not say so themselves, unless CHECK_COUNT says otherwise. A class that is derived
/// from a kit may have one of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PropertiesAttribute : FsCheck.Xunit.PropertiesAttribute
{
    /// <summary>Properties of <paramref name="count"/> cases.</summary>
    public PropertiesAttribute(int count) => MaxTest = RunSettings.Count(count);
}
