using System.Globalization;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Tests.Networks.Onnx;

/// <summary>
/// Graphs in float16. On a processor the runtime keeps float32 between operations without float16 kernels, so the cost of rounding is
/// measured on graphs that round every such value and compute in float32.
/// </summary>
public sealed class HalfTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, (NetworkDefinition Definition, long Varying)> Networks = new()
    {
        ["video_encoder"] = (Motionformer.Define(new() { FrameSize = 32, PatchSize = 16, Channels = 64, Depth = 2, Heads = 4 }), 0),
        ["energy_predictor"] = (Phi.Define(new() { Channels = 64, Depth = 2, Heads = 4, HeadWidths = [16] }), 24),
        ["denoiser"] = (ControlledUNet.Define(new()
        {
            LatentChannels = 4,
            LatentFrames = 16,
            LatentBins = 4,
            ModelChannels = 32,
            ChannelMultipliers = [1, 2],
            ResidualBlocks = 1,
            AttentionFactors = [2],
            HeadChannels = 16,
            FilmChannels = 16,
            Groups = 8,
        }), 0),
        ["vocoder"] = (HifiGan.Define(new()
        {
            MelBins = 16,
            InitialChannels = 32,
            UpsampleRates = [4, 2],
            UpsampleKernels = [8, 4],
            ResidualKernels = [3],
            ResidualDilations = [[1, 3]],
            WeightNorm = false,
        }), 24),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_in_float16_is_within_two_hundredths_of_a_deviation(string name)
    {
        var (definition, varying) = Networks[name];
        using var file = new FixtureWeightsFile(definition, "");
        HostTensor[] inputs = [.. definition.Inputs.Select((port, i) => Input(port, i, varying))];
        using var exact = OnnxNetwork.Load(definition, file.File, Recorded.OneThread);
        var expected = exact.Run(inputs)[0].Floats.ToArray();
        foreach (var onlyRounds in (bool[])[true, false])
        {
            var graph = Graph(definition, file, onlyRounds);
            using var half = OnnxNetwork.Load(definition, graph, file.File, Recorded.OneThread, PrecisionNames.Float16);
            var actual = half.Run(inputs)[0].Floats.ToArray();
            var deviation = Math.Sqrt(expected.Average(value => Math.Pow(value - expected.Average(), 2)));
            var difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() / deviation;
            var how = onlyRounds ? "rounded" : "float16";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {how}: {difference:E1}"));
            Assert.InRange(difference, 1e-6, 2e-2);                          // 1e-6: it is not float32
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_of_products_are_read_as_float16_and_take_half_the_memory(string name)
    {
        var definition = Networks[name].Definition;
        using var file = new FixtureWeightsFile(definition, "");
        var (exact, half) = (Graph(definition, file, precision: PrecisionNames.Float32), Graph(definition, file));
        Assert.InRange((double)half.WeightBytes / exact.WeightBytes, 0.49, 0.62);          // norms, positions and tables stay float32
        var inputs = half.Model.Graph.Input.Concat(half.Model.Graph.Output).Select(port => port.Type.TensorType.ElemType);
        Assert.DoesNotContain((int)TensorProto.Types.DataType.Float16, inputs);
    }

    /// <summary>Norms and softmax sum many values, which float16 cannot.</summary>
    [Fact]
    public void Norms_and_softmax_are_computed_in_float32()
    {
        var definition = Networks["video_encoder"].Definition;
        using var file = new FixtureWeightsFile(definition, "");
        var model = Graph(definition, file).Model;
        var casts = model.Graph.Node.Where(node => node.OpType == "Cast").ToDictionary(node => node.Output[0], node => node.Attribute[0].I);
        foreach (var norm in model.Graph.Node.Where(node => node.OpType is "LayerNormalization" or "Softmax" or "ReduceMean"))
            Assert.True(
                !casts.TryGetValue(norm.Input[0], out var type) || type == (long)TensorProto.Types.DataType.Float,
                $"{norm.Name} reads float16");
        Assert.Contains(model.Graph.Node, node => node.OpType == "LayerNormalization");
    }

    static HostTensor Input(Port port, int seed, long varying)
    {
        long[] shape = [.. port.Shape.Select((size, axis) => size >= 0 ? size : axis == 0 ? 2 : varying)];
        return port.Shape.Length == 1 ? HostTensor.Of([3f, 500], 2) : Recorded.Noise(seed, shape);
    }

    static RecordedGraph Graph(
        NetworkDefinition definition, FixtureWeightsFile file, bool onlyRounds = false, string precision = PrecisionNames.Float16)
    {
        var graph = new OnnxGraph(precision) { OnlyRounds = onlyRounds };
        var forward = definition.Build(new Scope(new OnnxWeights(graph, file.File)));
        return graph.Finish("test", definition.Outputs, [.. forward([.. definition.Inputs.Select(graph.Input)]).Cast<OnnxTensor>()]);
    }
}
