namespace BsdVm.Conformance;

/// <summary>
/// A property of random inputs, as FsCheck's attribute of this name, whose count and seed come from the environment: CHECK_COUNT=N makes
/// N cases of each; CHECK_SEED=N makes a whole run with another seed; CHECK_SEED=SEED,GAMMA,SIZE, as a failure prints it, makes that one
/// case again. Without CHECK_SEED every run is the same.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class PropertyAttribute : FsCheck.Xunit.PropertyAttribute
{
    /// <summary>A property of as many cases as its class's <see cref="PropertiesAttribute"/> says, or else 100.</summary>
    public PropertyAttribute()
    {
        Replay = RunSettings.Replay;
        QuietOnSuccess = true;
    }

    /// <summary>A property of <paramref name="count"/> cases, unless CHECK_COUNT says otherwise.</summary>
    public PropertyAttribute(int count)
        : this() => MaxTest = RunSettings.Count(count);
}
