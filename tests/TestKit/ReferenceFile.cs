using System.IO.Compression;
using System.Text.Json;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;

namespace Rewas.TestKit;

/// <summary>Outputs of the published networks, and the names of their weights.</summary>
public static class ReferenceFile
{
    /// <summary>A .npy file of the fixtures.</summary>
    public static HostTensor Read(string name) => NpyFile.Read(Fixtures.Find(name));

    /// <summary>One array of a .npz archive of the fixtures.</summary>
    public static HostTensor Read(string archive, string array)
    {
        using var entries = ZipFile.OpenRead(Fixtures.Find(archive));
        using var entry = entries.GetEntry(array + ".npy")!.Open();
        using var stream = new MemoryStream();
        entry.CopyTo(stream);
        stream.Position = 0;
        return NpyFile.Read(stream, array, NpyFile.DefaultMaximumBytes);
    }

    /// <summary>Names and shapes of a published network's weights. Some manifests give a shape, others a shape and a type.</summary>
    public static Dictionary<string, long[]> Manifest(string network)
    {
        var path = Fixtures.Find($"manifests/{network}_manifest.json");
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
            File.ReadAllText(path))!.ToDictionary(weight => weight.Key, weight =>
        {
            var typed = weight.Value.GetArrayLength() == 2 && weight.Value[1].ValueKind == JsonValueKind.String;
            return (typed ? weight.Value[0] : weight.Value).Deserialize<long[]>()!;
        });
    }

    /// <summary>
    /// Asserts that no value differs by more than <paramref name="tolerance"/> of the expected values' standard deviation.
    /// </summary>
    /// <returns>The largest difference in standard deviations.</returns>
    public static double AssertAgrees(HostTensor expected, HostTensor actual, double tolerance = 2e-3)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        return AssertAgrees(expected.Floats.ToArray(), actual.Floats.ToArray(), tolerance);
    }

    /// <inheritdoc cref="AssertAgrees(HostTensor, HostTensor, double)"/>
    public static double AssertAgrees(string expectedName, float[] actual, double tolerance) =>
        AssertAgrees(Read(expectedName).Floats.ToArray(), actual, tolerance);

    static double AssertAgrees(float[] e, float[] a, double tolerance)
    {
        Assert.Equal(e.Length, a.Length);
        var mean = e.Average(v => (double)v);
        var deviation = Math.Sqrt(e.Average(v => (v - mean) * (v - mean)));
        var worst = e.Zip(a, (x, y) => Math.Abs((double)x - y)).Max() / deviation;
        Assert.True(worst <= tolerance, $"differs by {worst:e1} standard deviations, {tolerance:e1} are allowed");
        return worst;
    }
}
