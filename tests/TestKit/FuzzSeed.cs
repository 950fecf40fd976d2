using System.Globalization;

namespace Rewas.TestKit;

/// <summary>The seed of a nightly run. It is another one each night, and each failure names it, so that the run can be repeated.</summary>
public static class FuzzSeed
{
    /// <summary>Environment variable that sets the seed.</summary>
    public const string Variable = "REWAS_FUZZ_SEED";

    /// <summary>The variable's number, or else the date: 20270131.</summary>
    public static int Tonight => Number(Variable, int.Parse(
        DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>A number from the environment.</summary>
    public static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
