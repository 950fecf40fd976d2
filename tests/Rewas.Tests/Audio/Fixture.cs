using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Rewas.Tests.Audio;

/// <summary>Numbers of the shared fixtures.</summary>
static partial class Fixture
{
    /// <summary>Values of a float32 .npy file, row-major, whichever order they are stored in.</summary>
    public static float[] Floats(string name)
    {
        var file = File.ReadAllBytes(SharedData.Require(Path.Combine("fixtures", name)));
        var headerBytes = BitConverter.ToUInt16(file, 8);                    // format 1.0: magic 6, version 2, length 2
        var header = Encoding.ASCII.GetString(file, 10, headerBytes);
        Assert.Contains("'<f4'", header);
        var stored = MemoryMarshal.Cast<byte, float>(file.AsSpan(10 + headerBytes)).ToArray();
        if (header.Contains("'fortran_order': False"))
            return stored;
        var shape = TwoAxes().Match(header);
        var (rows, columns) = (int.Parse(shape.Groups[1].Value), int.Parse(shape.Groups[2].Value));
        return [.. Enumerable.Range(0, rows * columns).Select(i => stored[i % columns * rows + i / columns])];
    }

    /// <summary>Asserts that no value differs by more than <paramref name="tolerance"/> standard deviations of the expected values.</summary>
    public static void AssertAgrees(string expectedName, float[] actual, double tolerance)
    {
        var expected = Floats(expectedName);
        Assert.Equal(expected.Length, actual.Length);
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(v => (v - mean) * (v - mean)));
        var error = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max() / deviation;
        Assert.True(error <= tolerance, $"{expectedName}: differs by {error:e1} standard deviations, {tolerance:e1} are allowed");
    }

    [GeneratedRegex(@"'shape': \((\d+), (\d+)\)")]
    private static partial Regex TwoAxes();
}
