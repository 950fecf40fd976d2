using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rewas.Networks;

namespace Rewas.Tests;

/// <summary>What the published networks gave, and what their weights are called.</summary>
static partial class ReferenceFile
{
    /// <summary>A row-major float32 or int64 .npy file of the fixtures.</summary>
    public static HostTensor Read(string name)
    {
        var file = File.ReadAllBytes(SharedData.Require(Path.Combine("fixtures", name)));
        var start = 10 + BitConverter.ToUInt16(file, 8);                     // format 1.0: magic 6, version 2, length 2
        var header = Encoding.ASCII.GetString(file, 10, start - 10);
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        long[] shape = [.. Integers().Matches(Shape().Match(header).Value).Select(m => long.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture))];
        var values = file.AsSpan(start);
        return header.Contains("'<i8'", StringComparison.Ordinal)
            ? HostTensor.Of(MemoryMarshal.Cast<byte, long>(values).ToArray(), shape)
            : HostTensor.Of(MemoryMarshal.Cast<byte, float>(values).ToArray(), shape);
    }

    /// <summary>Names and shapes of a published network's weights.</summary>
    public static Dictionary<string, long[]> Manifest(string network)
    {
        var path = SharedData.Require(Path.Combine("fixtures", "manifests", $"{network}_manifest.json"));
        return JsonSerializer.Deserialize<Dictionary<string, long[]>>(File.ReadAllText(path))!;
    }

    /// <summary>Asserts the shape, and that no value differs by more than <paramref name="tolerance"/> of the reference's standard deviations.</summary>
    /// <returns>The largest difference in standard deviations.</returns>
    public static double AssertAgrees(string reference, HostTensor actual, double tolerance = 2e-3) => AssertAgrees(Read(reference), actual, tolerance);

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

    [GeneratedRegex(@"'shape': \([^)]*\)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Integers();
}
