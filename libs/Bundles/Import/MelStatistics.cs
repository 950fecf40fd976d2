using System.Globalization;
using Rewas.Clip.Faults;
using Rewas.Networks.Architectures;

namespace Rewas.Bundles.Import;

/// <summary>
/// Mean and standard deviation of each mel bin over a training set, from a text file written by NumPy with one bin per line.
/// </summary>
sealed record MelStatistics(string File, float[] Means, float[] Deviations)
{
    /// <exception cref="InputFault">The file is missing, or a line is not two numbers with the second above 0.</exception>
    public static MelStatistics Read(string path)
    {
        if (!System.IO.File.Exists(path))
            throw InputFault.NotFound("melception-statistics", $"'{path}' does not exist");
        var rows = System.IO.File.ReadLines(path).Take(1024).Select((line, i) => Row(line) ?? throw InputFault.Invalid(
            "melception-statistics", $"'{path}', line {i + 1}: must be a mean and a standard deviation above 0")).ToList();
        return new(path, [.. rows.Select(row => row.Mean)], [.. rows.Select(row => row.Deviation)]);
    }

    public PublishedNetwork AppliedTo(PublishedNetwork network)
    {
        var configuration = NetworkCatalog.Read<MelceptionConfiguration>(network.Description.Configuration) with
        {
            MelMeans = Means,
            MelDeviations = Deviations,
        };
        return configuration.MelBins == Means.Length
            ? PublishedNetwork.Of(network.Name, network.Description.Architecture, configuration, network.Origins) with
            {
                IsOptional = network.IsOptional,
            }
            : throw InputFault.Invalid(
                "melception-statistics", $"'{File}' has {Means.Length} lines, but there are {configuration.MelBins} mel bins");
    }

    static (float Mean, float Deviation)? Row(string line) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var first, var second]
        && float.TryParse(first, CultureInfo.InvariantCulture, out var mean)
        && float.TryParse(second, CultureInfo.InvariantCulture, out var deviation)
        && float.IsFinite(mean) && float.IsFinite(deviation) && deviation > 0
            ? (mean, deviation)
            : null;
}
