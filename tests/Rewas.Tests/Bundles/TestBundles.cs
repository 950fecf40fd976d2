using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Tests.Networks.Onnx;

namespace Rewas.Tests.Bundles;

/// <summary>Makes a bundle with one tiny vocoder.</summary>
static class TestBundles
{
    public static readonly HifiGanConfiguration Vocoder = new()
    {
        MelBins = 4,
        InitialChannels = 8,
        UpsampleRates = [2],
        UpsampleKernels = [4],
        ResidualKernels = [3],
        ResidualDilations = [[1, 2]],
        WeightNorm = false,
    };

    public static BundleManifest Manifest => new()
    {
        FormatVersion = BundleManifest.CurrentFormatVersion,
        Name = "rewas-test",
        Control = "energy",
        Licence = "Apache-2.0",
        TrainedOn = "Nothing: random weights.",
        Timing = new ClipTiming { TokenLayout = TokenLayout.TrueTimes, FirstFrame = 0 },
        Sampler = new SamplerDefaults(20, 3, 1),
        LatentScale = 1.5,
        Networks = new Dictionary<string, BundleNetwork>
        {
            ["vocoder"] = new("hifigan", NetworkCatalog.Write(Vocoder), "vocoder.safetensors"),
        },
        Files = new Dictionary<string, BundleFile>(),
        Metrics = new Dictionary<string, double> { ["video_to_energy_correlation"] = 0.5 },
    };

    public static Bundle Write(string directory)
    {
        WriteWeights(Path.Combine(directory, "vocoder.safetensors"), HifiGan.Define(Vocoder));
        return BundleWriter.Write(directory, Manifest);
    }

    /// <summary>Declares every weight that a network asks for, in its shape, filled with small noise.</summary>
    public static void WriteWeights(
        string path,
        NetworkDefinition definition,
        StoredType type = StoredType.Float32,
        string prefix = "",
        Func<WeightToStore, WeightToStore?>? change = null)
    {
        var asked = new AskedWeights();
        definition.Build(new Scope(asked, prefix));
        SafetensorsWriter.Write(
            path, [.. asked.Weights.Select(weight => change is null ? weight : change(weight)).OfType<WeightToStore>()], type);
    }

    sealed class AskedWeights : IWeights
    {
        readonly OnnxGraph graph = new();

        public List<WeightToStore> Weights { get; } = [];

        public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained)
        {
            var sizes = shape.ToArray();
            Weights.Add(new WeightToStore(
                name, sizes, () => Recorded.Noise(name.Length, sizes).Floats.ToArray().Select(value => value * 0.2f).ToArray()));
            return new OnnxTensor(graph, name, ElementType.Float32, sizes);
        }
    }
}
