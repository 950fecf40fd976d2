using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Evaluation.Scenes;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Text;

namespace Rewas.Trainer.Configuration;

/// <summary>One file that defines the training of a bundle: its networks, stages and seed.</summary>
public sealed record TrainingConfig
{
    /// <summary>Name of the network that reads text.</summary>
    public const string TextEncoder = "text_encoder";

    /// <summary>Name of the network that maps sentence embeddings to the space of sounds, if sentences are read.</summary>
    public const string TextProjection = "text_projection";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Name of the bundle, and of the folder under the run directory.</summary>
    public required string Name { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Kinds of scene to train on; the default is all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = SceneCatalog.Kinds;

    /// <summary>Share of recordings among the sounds, if recordings are given. The rest are scenes.</summary>
    public double RecordingShare { get; init; } = 0.5;

    /// <summary>
    /// Recordings that no training uses, each given by values of columns of the index, e.g. {"set": "ESC-10", "fold": "4"}.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> LeftOut { get; init; } = [];

    /// <summary>The number of clips whose latents the diffusion stages draw from.</summary>
    public int LatentClips { get; init; } = 12_000;

    /// <summary>Share of the recorded clips into which a second sound is mixed.</summary>
    public double MixShare { get; init; } = 0.1;

    /// <summary>Share of filmed videos among the clips, if videos are given.</summary>
    public double FilmShare { get; init; } = 0.5;

    public required ClipTiming Timing { get; init; }

    public required SamplerDefaults Sampler { get; init; }

    /// <summary>The number of merges in the vocabulary of a trained text encoder. The vocabulary has at most 260 entries more.</summary>
    public int VocabularyMerges { get; init; }

    /// <summary>Sizes of the networks, by their names in the bundle.</summary>
    public required IReadOnlyDictionary<string, NetworkConfig> Networks { get; init; }

    /// <summary>How each stage is trained: video, mel, vocoder, embedding, classifier, guard, backbone, adapter.</summary>
    public required IReadOnlyDictionary<string, StageConfig> Stages { get; init; }

    public static TrainingConfig Read(string path)
    {
        if (!File.Exists(path))
            throw InputFault.NotFound("config", $"'{path}' does not exist");
        try
        {
            var config = JsonSerializer.Deserialize<TrainingConfig>(File.ReadAllText(path), Json) ?? throw new JsonException("is null");
            if (!PredictionNames.All.Contains(config.Sampler.Prediction))
                throw new JsonException(
                    $"sampler.prediction must be {string.Join(" or ", PredictionNames.All)}, but is '{config.Sampler.Prediction}'");
            if (config.ReadsSentences && config.UNet().FilmChannels != SentenceEncoder.Channels)
                throw new JsonException(
                    $"denoiser.filmChannels must be {SentenceEncoder.Channels} with {SentenceEncoder.Architecture}, but is "
                    + $"{config.UNet().FilmChannels}");
            if (config.ReadsSentences && config.Networks.ContainsKey("audio_encoder") && !config.Networks.ContainsKey(TextProjection))
                throw new JsonException($"networks must have {TextProjection} beside audio_encoder with {SentenceEncoder.Architecture}");
            return config;
        }
        catch (JsonException e)
        {
            throw InputFault.Invalid("config", $"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Whether the sentence encoder, which is not trained, reads text instead of a text encoder of the bundle.</summary>
    [JsonIgnore]
    public bool ReadsSentences =>
        Networks.TryGetValue(TextEncoder, out var encoder) && encoder.Architecture == SentenceEncoder.Architecture;

    /// <summary>The denoiser's sizes, for stages that train parts of it.</summary>
    public UNetConfiguration UNet() => Read<UNetConfiguration>("denoiser");

    /// <summary>Sizes of one network.</summary>
    public T Read<T>(string network) =>
        Networks[network].Configuration.Deserialize<T>(Json) ?? throw InputFault.Invalid(network, "has no configuration");

    public NetworkDefinition Define(string network) =>
        NetworkCatalog.Create(Networks[network].Architecture, Networks[network].Configuration);
}

/// <param name="Architecture">Name of the definition in the network catalog.</param>
public sealed record NetworkConfig(string Architecture, JsonElement Configuration);

/// <summary>How one stage is trained.</summary>
public sealed record StageConfig
{
    public required int Steps { get; init; }

    /// <summary>Recordings that this stage does not use, beside <see cref="TrainingConfig.LeftOut"/>, in the same form.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> LeftOut { get; init; } = [];

    /// <summary>Clips (or crops) per step.</summary>
    public required int Batch { get; init; }

    /// <summary>
    /// Peak of the learning rate. The rate rises linearly over <see cref="WarmUpSteps"/> and then falls as a cosine to a twentieth.
    /// </summary>
    public required double LearningRate { get; init; }

    public int WarmUpSteps { get; init; } = 100;

    public double WeightDecay { get; init; } = 0.01;

    /// <summary>adamW, or muon: <see cref="Rewas.Trainer.Configuration.Muon"/> for matrices and convolutions.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Gradients above this norm are scaled down to it.</summary>
    public double GradientNorm { get; init; } = 1;

    /// <summary>Decay of the exponential moving average of the weights. The bundle gets the averages.</summary>
    public double AverageDecay { get; init; } = 0.999;

    /// <summary>
    /// Interval, in steps, at which held-out clips are measured and samples written. This also happens at the end; 0: only then.
    /// </summary>
    public int EvaluateEvery { get; init; }

    /// <summary>Clips held ready. At each step, <see cref="RenewedPerStep"/> of them are replaced by new ones.</summary>
    public int PoolClips { get; init; } = 256;

    public double RenewedPerStep { get; init; } = 1;

    /// <summary>Length of the random crop that a step sees, in mel frames (mel and vocoder stages).</summary>
    public int CropFrames { get; init; } = 512;

    /// <summary>The step from which discriminators take part. The default is never.</summary>
    public int AdversarialFrom { get; init; } = int.MaxValue;

    /// <summary>
    /// Largest deviation of the noise on a clip's latent. It teaches the decoder to smooth what sampling leaves (decoder stage).
    /// </summary>
    public double LatentNoise { get; init; }

    /// <summary>
    /// Diffusion times are drawn as u to this power, with u uniform in 0..1. Below 1, noisier times are more frequent; there the text
    /// decides most (diffusion and adapter stages).
    /// </summary>
    public double TimeExponent { get; init; } = 1;

    /// <summary>Probability that a clip's text is dropped (diffusion and adapter stages).</summary>
    public double TextDrop { get; init; }

    /// <summary>Probability that a clip's control is dropped. Guidance compares with that case (adapter stage).</summary>
    public double ControlDrop { get; init; }

    /// <summary>
    /// Whether the backbone learns with the adapter, from the backbone stage's weights or from random ones (adapter stage).
    /// </summary>
    public bool BackboneLearns { get; init; }

    /// <summary>
    /// Above 0, keeps text near where an earlier text encoder put it; the value is the strength (embedding stage with <c>--from</c>).
    /// </summary>
    public double AnchorWeight { get; init; }
}
