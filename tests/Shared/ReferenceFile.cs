using System.Text.Json;
using Rewas.Checkpoints;
using Rewas.Networks;

namespace Rewas.Tests;

/// <summary>What the published networks gave, and what their weights are called.</summary>
static class ReferenceFile
{
    /// <summary>A .npy file of the fixtures.</summary>
    public static HostTensor Read(string name) => NpyFile.Read(SharedData.Require(Path.Combine("fixtures", name)));

    /// <summary>Names and shapes of a published network's weights.</summary>
    public static Dictionary<string, long[]> Manifest(string network)
    {
        var path = SharedData.Require(Path.Combine("fixtures", "manifests", $"{network}_manifest.json"));
        return JsonSerializer.Deserialize<Dictionary<string, long[]>>(File.ReadAllText(path))!;
    }

    /// <summary>Asserts that no value differs by more than <paramref name="tolerance"/> of the expected values' standard deviation.</summary>
    /// <returns>The largest difference in standard deviations.</returns>
    public static double AssertAgrees(HostTensor expected, HostTensor actual, double tolerance = 2e-3)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var (e, a) = (expected.Floats.ToArray(), actual.Floats.ToArray());
        var mean = e.Average(v => (double)v);
        var deviation = Math.Sqrt(e.Average(v => (v - mean) * (v - mean)));
        var worst = e.Zip(a, (x, y) => Math.Abs((double)x - y)).Max() / deviation;
        Assert.True(worst <= tolerance, $"differs by {worst:e1} standard deviations, {tolerance:e1} are allowed");
        return worst;
    }
}
