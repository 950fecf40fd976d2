using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Layers;
using Rewas.Networks.Onnx;
using Rewas.Tests.Bundles;

namespace Rewas.Tests.Networks.Onnx;

public sealed class Int8Tests(ITestOutputHelper output)
{
    [Fact]
    public void A_weight_is_within_half_a_step_of_its_integers_and_their_sums_are_exact()
    {
        const int outputs = 3, inputs = 5, places = 4;
        var rows = Recorded.Noise(1, outputs, inputs, places).Floats.ToArray();
        rows.AsSpan(2 * inputs * places).Clear();                            // an empty channel
        var weight = Int8Weight.Of(rows, outputs, places);
        for (var o = 0; o < outputs; o++)
        {
            var sum = 0.0;
            for (var i = 0; i < inputs; i++)
                for (var p = 0; p < places; p++)
                {
                    var value = weight.Values[(p * inputs + i) * outputs + o] * weight.Scales[o];
                    Assert.Equal(rows[(o * inputs + i) * places + p], value, weight.Scales[o] * 0.501);
                    sum += value;
                }
            Assert.Equal(sum, weight.Sums[o], 1e-5);
        }
        Assert.All(weight.Values.Where((_, i) => i % outputs == 2), value => Assert.Equal(0, value));
    }

    /// <summary>
    /// Two factors rounded to 8 bits. Each is off by about a 500th of its range, and the errors of hundreds of products average out.
    /// </summary>
    [Theory]
    [InlineData("linear")]
    [InlineData("3x3")]
    [InlineData("3x3 halving")]
    [InlineData("1x1")]
    [InlineData("3x3 without padding")]
    public void A_layer_is_close_to_its_float32(string layer)
    {
        var x = layer == "linear" ? Recorded.Noise(1, 3, 7, 320) : Recorded.Noise(1, 3, layer == "1x1" ? 256 : 40, 6, 8);
        // one row has another range, the others are lopsided
        x = HostTensor.Of([.. x.Floats.ToArray().Select((v, i) => i < x.Floats.Length / 3 ? 20 * v : v > 0 ? v : 0.1f * v)], x.Shape);
        var (exact, rounded) = (Layer(layer, PrecisionNames.Float32), Layer(layer, PrecisionNames.Int8));
        using (exact)
        using (rounded)
        {
            var (expected, actual) = (exact.Run([x])[0], rounded.Run([x])[0]);
            Assert.Equal(expected.Shape, actual.Shape);
            for (var row = 0; row < 3; row++)
            {
                var error = RelativeError(Row(expected, row), Row(actual, row));
                output.WriteLine($"{layer}, row {row}: {error:P2}");
                Assert.InRange(error, 1e-6, 0.012);                          // 1e-6: it is not float32
                // The same with other rows in the batch.
                Assert.Equal(Row(actual, row), rounded.Run([HostTensor.Of(Row(x, row), [1, .. x.Shape.Skip(1)])])[0].Floats.ToArray());
            }
        }
    }

    [Fact]
    public void An_input_of_zeros_gives_the_bias_everywhere()
    {
        using var layer = Layer("3x3", PrecisionNames.Int8);
        using var exact = Layer("3x3", PrecisionNames.Float32);
        var nothing = HostTensor.Of(new float[2 * 40 * 6 * 8], 2, 40, 6, 8);
        Recorded.AssertEqual(exact.Run([nothing])[0], layer.Run([nothing])[0], 1e-7);
    }

    [Fact]
    public void Layers_of_short_sums_and_of_one_row_a_sample_stay_exact()
    {
        foreach (var (shape, inputs) in ((long[], int)[])[([3, 7, 64], 64), ([3, 320], 320)])
        {
            var x = Recorded.Noise(1, shape);
            using var exact = Load(at => new Linear(at, inputs, 24).Forward, shape, PrecisionNames.Float32);
            using var asked = Load(at => new Linear(at, inputs, 24).Forward, shape, PrecisionNames.Int8);
            Recorded.AssertEqual(exact.Run([x])[0], asked.Run([x])[0], 0);
        }
    }

    [Fact]
    public void A_layer_on_the_residual_path_stays_exact()
    {
        var x = Recorded.Noise(1, 3, 256, 6, 8);
        using var exact = Load(at => new Conv2d(at, 256, 24, 1, onPath: true).Forward, [-1, 256, 6, 8], PrecisionNames.Float32);
        using var asked = Load(at => new Conv2d(at, 256, 24, 1, onPath: true).Forward, [-1, 256, 6, 8], PrecisionNames.Int8);
        Recorded.AssertEqual(exact.Run([x])[0], asked.Run([x])[0], 0);
    }

    [Fact]
    public void What_several_layers_read_is_quantised_once()
    {
        var definition = Define(
            at =>
            {
                var (one, other) = (new Linear(at / "a", 320, 24), new Linear(at / "b", 320, 24));
                return x => one.Forward(x) + other.Forward(x);
            },
            [-1, 7, 320]);
        using var file = new FixtureWeightsFile(definition, "");
        var graph = new OnnxGraph(PrecisionNames.Int8);
        var forward = definition.Build(new Scope(new OnnxWeights(graph, file.File)));
        var outputs = forward([.. definition.Inputs.Select(graph.Input)]).Cast<OnnxTensor>().ToArray();
        var model = graph.Finish("test", definition.Outputs, outputs).Model;
        Assert.Single(model.Graph.Node, node => node.OpType == "QuantizeLinear");
        Assert.Equal(2, model.Graph.Node.Count(node => node.OpType == "MatMulIntegerToFloat"));
        // no second copy of a weight
        Assert.DoesNotContain(model.Graph.Initializer, initializer => initializer.Name.EndsWith(".weight", StringComparison.Ordinal));
    }

    /// <summary>A denoiser with its adapter: all kinds of layers, one after another.</summary>
    [Fact]
    public void A_whole_denoiser_is_close_and_a_row_is_the_same_alone_and_in_a_batch()
    {
        var definition = ControlledUNet.Define(new UNetConfiguration
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
        });
        using var file = new FixtureWeightsFile(definition, "");
        using var exact = OnnxNetwork.Load(definition, file.File, Recorded.OneThread);
        using var rounded = OnnxNetwork.Load(definition, file.File, Recorded.OneThread, precision: PrecisionNames.Int8);
        HostTensor[] inputs =
        [
            Recorded.Noise(1, 3, 4, 16, 4), HostTensor.Of([3f, 500, 950], 3), Recorded.Noise(2, 3, 16), Recorded.Noise(3, 3, 4, 16, 4),
        ];
        var (expected, actual) = (exact.Run(inputs)[0], rounded.Run(inputs)[0]);
        var error = RelativeError(expected.Floats.ToArray(), actual.Floats.ToArray());
        output.WriteLine($"the whole denoiser: {error:P2}");
        Assert.InRange(error, 1e-4, 0.05);
        for (var row = 0; row < 3; row++)
            Recorded.AssertEqual(
                HostTensor.Of(Row(actual, row), 1, 4, 16, 4),
                rounded.Run([.. inputs.Select(input => HostTensor.Of(Row(input, row), [1, .. input.Shape.Skip(1)]))])[0],
                1e-5);                                                       // float32 parts may be summed in another order
    }

    /// <summary>For batches of one row, the runtime's own operators quantise and scale. The result is as near to float32.</summary>
    [Fact]
    public void A_video_encoder_of_one_row_is_close_and_needs_no_range_for_each_row()
    {
        var definition = Motionformer.Define(
            new MotionformerConfiguration { FrameSize = 32, PatchSize = 16, Channels = 256, Depth = 2, Heads = 4 }).OfOneRow();
        using var file = new FixtureWeightsFile(definition, "");
        using var exact = OnnxNetwork.Load(definition, file.File, Recorded.OneThread);
        using var rounded = OnnxNetwork.Load(definition, file.File, Recorded.OneThread, precision: PrecisionNames.Int8);
        var frames = Recorded.Noise(1, 1, 3, 16, 32, 32);
        var error = RelativeError(exact.Run([frames])[0].Floats.ToArray(), rounded.Run([frames])[0].Floats.ToArray());
        output.WriteLine($"the whole encoder: {error:P2}");
        Assert.InRange(error, 1e-5, 0.03);
        Assert.Equal("frames", Assert.Throws<InputFault>(() => rounded.Run([Recorded.Noise(1, 2, 3, 16, 32, 32)])).Field);

        var graph = new OnnxGraph(PrecisionNames.Int8);
        var forward = definition.Build(new Scope(new OnnxWeights(graph, file.File)));
        var outputs = forward([.. definition.Inputs.Select(graph.Input)]).Cast<OnnxTensor>().ToArray();
        var model = graph.Finish("test", definition.Outputs, outputs).Model;
        Assert.Contains(model.Graph.Node, node => node.OpType == "DynamicQuantizeLinear");
    }

    [Fact]
    public void A_bundle_may_say_int8_and_what_is_asked_for_instead_counts()
    {
        using var folder = new TemporaryFolder();
        TestBundles.Write(folder.Path);
        var manifest = TestBundles.Manifest with
        {
            Networks = TestBundles.Manifest.Networks.ToDictionary(n => n.Key, n => n.Value with { Precision = PrecisionNames.Int8 }),
        };
        var bundle = BundleWriter.Write(folder.Path, manifest);
        var definition = HifiGan.Define(TestBundles.Vocoder);
        using var asBundle = OnnxNetwork.Load(Bundle.Open(bundle.Directory), "vocoder", Recorded.OneThread);
        using var asAsked = OnnxNetwork.Load(bundle, "vocoder", Recorded.OneThread, definition, PrecisionNames.Float32);
        Assert.Equal((PrecisionNames.Int8, PrecisionNames.Float32), (asBundle.Precision, asAsked.Precision));
        manifest = manifest with { Networks = manifest.Networks.ToDictionary(n => n.Key, n => n.Value with { Precision = "int4" }) };
        Assert.Contains(
            "precision must be one of f32, int8, f16, but is 'int4'",
            Assert.ThrowsAny<ArgumentException>(() => BundleWriter.Write(folder.Path, manifest)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Int8_on_a_GPU_and_unknown_precisions_are_refused()
    {
        var definition = Define(at => new Linear(at, 320, 24).Forward, [-1, 7, 320]);
        using var file = new FixtureWeightsFile(definition, "");
        string MessageFor(string accelerator, string precision) =>
            Assert.Throws<InputFault>(
                () => OnnxNetwork.Load(definition, file.File, new() { Accelerator = accelerator }, precision: precision)).Message;
        Assert.Equal("precision: int8 is for cpu; with cuda ask for f32 or f16", MessageFor("cuda", "int8"));
        Assert.Equal("precision: must be one of f32, int8, f16, but is 'int4'", MessageFor("cpu", "int4"));
    }

    static OnnxNetwork Layer(string layer, string precision) => layer switch
    {
        "linear" => Load(at => new Linear(at, 320, 24).Forward, [-1, 7, 320], precision),
        "3x3" => Load(at => new Conv2d(at, 40, 24, 3).Forward, [-1, 40, 6, 8], precision),
        "3x3 halving" => Load(at => new Conv2d(at, 40, 24, 3, stride: 2).Forward, [-1, 40, 6, 8], precision),
        "1x1" => Load(at => new Conv2d(at, 256, 24, 1).Forward, [-1, 256, 6, 8], precision),
        _ => Load(at => new Conv2d(at, 40, 24, 3, padding: 0).Forward, [-1, 40, 6, 8], precision),
    };

    static OnnxNetwork Load(Func<Scope, Func<Tensor, Tensor>> layer, long[] shape, string precision)
    {
        var definition = Define(layer, shape);
        using var file = new FixtureWeightsFile(definition, "");
        return OnnxNetwork.Load(definition, file.File, Recorded.OneThread, precision: precision);
    }

    static NetworkDefinition Define(Func<Scope, Func<Tensor, Tensor>> layer, long[] shape) => new(
        "test",
        [new Port("x", ElementType.Float32, shape, "Test input.")],
        [new Port("out", ElementType.Float32, [.. Enumerable.Repeat(-1L, shape.Length)], "Test output.")],
        at =>
        {
            var forward = layer(at);
            return x => [forward(x[0])];
        });

    static float[] Row(HostTensor tensor, int row)
    {
        var length = tensor.Floats.Length / (int)tensor.Shape[0];
        return tensor.Floats.Slice(row * length, length).ToArray();
    }

    /// <summary>Root mean square of the difference, relative to that of the values.</summary>
    static double RelativeError(float[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(a => Math.Pow(a, 2)));
}
