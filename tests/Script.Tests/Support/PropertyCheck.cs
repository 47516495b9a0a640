using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace BsdVm.Script.Tests;

/// <summary>
/// Runs an FsCheck property inside a fact. Count and seed are those of <see cref="RunSettings"/>.
/// </summary>
internal static class PropertyCheck
{
    public static void Holds<T>(Arbitrary<T> inputs, Action<T> body, int count = 200)
    {
        try
        {
            Check.One(RunSettings.Configure(count), Prop.ForAll(inputs, body));
        }
        catch (Exception failure) when (failure is not XunitException)
        {
            throw new XunitException(failure.Message + Environment.NewLine + failure.InnerException?.Message);
        }
    }
}
