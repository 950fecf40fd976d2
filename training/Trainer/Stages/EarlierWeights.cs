using System.Globalization;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Trainer.Loop;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Weights trained earlier: the folder of another run, or a bundle, which holds the same weights by network instead of by stage.
/// </summary>
sealed class EarlierWeights
{
    readonly string directory;
    readonly Bundle? bundle;

    /// <exception cref="InputFault">The directory does not exist or is a faulty bundle.</exception>
    public EarlierWeights(string directory)
    {
        if (!Directory.Exists(directory))
            throw InputFault.NotFound("from", $"'{directory}' does not exist");
        this.directory = directory;
        bundle = File.Exists(Path.Combine(directory, Bundle.ManifestFileName)) ? Bundle.Open(directory) : null;
    }

    public bool Has(string stage, string network) => PathOf(stage, network) is { } path && File.Exists(path);

    /// <summary>Weights of a network that a stage trained, or null.</summary>
    public IReadOnlyDictionary<string, HostTensor>? Read(string stage, string network)
    {
        if (PathOf(stage, network) is not { } path || !File.Exists(path))
            return null;
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.Where(t => bundle is null || BundleStage.IsOf(stage, t.Key))
            .ToDictionary(t => t.Key, t => HostTensor.Of(file.ReadFloats(t.Key), t.Value.Shape));
    }

    /// <summary>A file of the vocabulary.</summary>
    public string VocabularyFile(string name) => Path.Combine(directory, name);

    /// <summary>The figures that a stage measured.</summary>
    public IEnumerable<KeyValuePair<string, double>> FiguresOf(string stage)
    {
        if (bundle is null)
            return Figures(Path.Combine(directory, stage, TrainingLoop.EvaluationFile));
        return stage == "mel"
            ? bundle.Manifest.Metrics.Append(KeyValuePair.Create("latent_scale", bundle.Manifest.LatentScale))
            : bundle.Manifest.Metrics;
    }

    /// <summary>The figures that a stage wrote at its end.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Figures(string path) => File.Exists(path)
        ? File.ReadLines(path)
            .Select(line => line.Split(" = "))
            .Select(f => KeyValuePair.Create(f[0], double.Parse(f[1], CultureInfo.InvariantCulture)))
        : [];

    string? PathOf(string stage, string network) => bundle is null
        ? Path.Combine(directory, stage, $"{network}.safetensors")
        : BundleStage.NetworkOf(stage, network) is { } name && bundle.Manifest.Networks.TryGetValue(name, out var stored)
            ? bundle.Path(stored.File)
            : null;
}
