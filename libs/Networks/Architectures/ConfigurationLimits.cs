using System.Text.Json;

namespace Rewas.Networks.Architectures;

/// <summary>
/// Limits of a configuration from outside. Defining a network makes an object for each of its layers, so a file of a few bytes could
/// otherwise ask for thousands of millions of them. All published networks are far below.
/// </summary>
static class ConfigurationLimits
{
    const double LargestSize = 1_000_000;
    const int MostParts = 256, LongestListOfParts = 64, LongestListOfValues = 4096;

    /// <summary>Members that say how many parts of a kind there are. All others are sizes.</summary>
    static readonly string[] Counts = ["depth", "depths", "transformerDepth", "residualBlocks", "layers", "refinements", "corrections"];

    /// <summary>Lists whose items make no layers.</summary>
    static readonly string[] Values = ["labels", "melMeans", "melDeviations"];

    /// <exception cref="ArgumentException">A number or a list is too large.</exception>
    public static void ThrowIfTooLarge(JsonElement configuration, string member = "")
    {
        switch (configuration.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in configuration.EnumerateObject())
                    ThrowIfTooLarge(property.Value, property.Name);
                break;
            case JsonValueKind.Array:
                var longest = Values.Contains(member) ? LongestListOfValues : LongestListOfParts;
                if (configuration.GetArrayLength() > longest)
                    throw new ArgumentException($"{member} must have at most {longest} items, but has {configuration.GetArrayLength()}");
                foreach (var item in configuration.EnumerateArray())
                    ThrowIfTooLarge(item, member);
                break;
            case JsonValueKind.Number:
                var most = Counts.Contains(member) ? MostParts : LargestSize;
                if (configuration.TryGetDouble(out var number) && Math.Abs(number) > most)
                    throw new ArgumentException(FormattableString.Invariant($"{member} must be at most {most}, but is {number}"));
                break;
        }
    }
}
