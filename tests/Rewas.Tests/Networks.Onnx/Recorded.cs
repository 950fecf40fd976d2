using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks.Onnx;

/// <summary>Runs small networks that tests write as lambdas.</summary>
static class Recorded
{
    public static readonly OnnxOptions OneThread = new() { Threads = 1 };

    /// <summary>A network without weights. Output shapes are open if the definition is only there to be run.</summary>
    public static NetworkDefinition Definition(
        long[][] inputShapes,
        int outputRank,
        Func<IReadOnlyList<Tensor>, Tensor> forward,
        ElementType[]? inputTypes = null,
        ElementType outputType = ElementType.Float32) =>
        new(
            "test",
            [.. inputShapes.Select((shape, i) => new Port($"in{i}", inputTypes?[i] ?? ElementType.Float32, shape, "Test input."))],
            [new Port("out", outputType, [.. Enumerable.Repeat(-1L, outputRank)], "Test output.")],
            _ => inputs => [forward(inputs)]);

    public static OnnxNetwork Load(NetworkDefinition definition, params WeightToStore[] weights)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("weights.safetensors");
        SafetensorsWriter.Write(path, weights);
        using var file = SafetensorsFile.Open(path);
        return OnnxNetwork.Load(definition, file, OneThread);
    }

    /// <summary>
    /// Runs the network twice: once with all sizes known while recording, and once with none known. Checks that both agree and that the
    /// recorded shape is the true one.
    /// </summary>
    public static HostTensor Run(Func<IReadOnlyList<Tensor>, Tensor> forward, params HostTensor[] inputs)
    {
        HostTensor? result = null;
        foreach (var dynamic in (bool[])[false, true])
        {
            Tensor? recorded = null;
            long[][] shapes = [.. inputs.Select(input => dynamic ? [.. input.Shape.Select(_ => -1L)] : input.Shape)];
            ElementType[] types = [.. inputs.Select(input => input.Type)];
            var probe = new OnnxGraph();
            recorded = forward([.. shapes.Select((shape, i) => probe.Input(new Port($"in{i}", types[i], shape, "")))]);
            var type = ((OnnxTensor)recorded).Type;

            using var network = Load(Definition(shapes, recorded.Rank, forward, types, type));
            var output = Assert.Single(network.Run(inputs));
            foreach (var (size, actual) in recorded.Shape.Zip(output.Shape))
                Assert.True(
                    size == actual || (dynamic && size < 0),
                    $"recorded {ShapeRules.Text([.. recorded.Shape])}, ran {ShapeRules.Text(output.Shape)}");
            if (result is not null)
                AssertEqual(result, output, 0);
            result = output;
        }
        return result!;
    }

    public static void AssertEqual(HostTensor expected, HostTensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Integers.ToArray(), actual.Integers.ToArray());
        var (a, b) = (expected.Floats.ToArray(), actual.Floats.ToArray());
        for (var i = 0; i < a.Length; i++)
            Assert.True(Math.Abs(a[i] - b[i]) <= tolerance, $"value {i}: expected {a[i]}, but is {b[i]}");
    }

    /// <summary>Values between -1 and 1, the same every time.</summary>
    public static HostTensor Noise(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() * 2 - 1;
        return HostTensor.Of(values, shape);
    }
}
