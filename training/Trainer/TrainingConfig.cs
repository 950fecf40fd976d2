using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Checkpoints;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Scenes;
using Rewas.Text;

namespace Rewas.Trainer;

/// <summary>One file that says everything about a bundle's training: its networks, its stages, its seed.</summary>
public sealed record TrainingConfig
{
    /// <summary>The network that reads text.</summary>
    public const string TextEncoder = "text_encoder";

    /// <summary>The network that takes sentence embeddings to the space of sounds; only where sentences are read.</summary>
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

    /// <summary>Kinds of scene to train on; all when not given.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = SceneCatalog.Kinds;

    /// <summary>Share of recordings among the sounds, where recordings are given; the rest are scenes.</summary>
    public double RecordingShare { get; init; } = 0.5;

    /// <summary>Recordings that are in no training, each by the values of some columns of their index, e.g. {"set": "ESC-10", "fold": "4"}.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> LeftOut { get; init; } = [];

    /// <summary>Clips whose latents the diffusion stages draw from.</summary>
    public int LatentClips { get; init; } = 12_000;

    /// <summary>Share of the recorded clips in which a second sound is mixed in.</summary>
    public double MixShare { get; init; } = 0.1;

    /// <summary>Share of filmed videos among the clips, where videos are given.</summary>
    public double FilmShare { get; init; } = 0.5;

    public required ClipTiming Timing { get; init; }

    public required SamplerDefaults Sampler { get; init; }

    /// <summary>Merges of the vocabulary of a text encoder that is trained; its size is at most 260 more.</summary>
    public int VocabularyMerges { get; init; }

    /// <summary>Sizes of the networks, by their names in the bundle.</summary>
    public required IReadOnlyDictionary<string, NetworkConfig> Networks { get; init; }

    /// <summary>How each stage is trained: video, mel, vocoder, embedding, classifier, backbone, adapter.</summary>
    public required IReadOnlyDictionary<string, StageConfig> Stages { get; init; }

    public static TrainingConfig Read(string path)
    {
        if (!File.Exists(path))
            throw InputFault.NotFound("config", $"'{path}' does not exist");
        try
        {
            var config = JsonSerializer.Deserialize<TrainingConfig>(File.ReadAllText(path), Json) ?? throw new JsonException("is null");
            if (!PredictionNames.All.Contains(config.Sampler.Prediction))
                throw new JsonException($"sampler.prediction must be {string.Join(" or ", PredictionNames.All)}, but is '{config.Sampler.Prediction}'");
            if (config.ReadsSentences && config.UNet().FilmChannels != SentenceEncoder.Channels)
                throw new JsonException($"denoiser.filmChannels must be {SentenceEncoder.Channels} with {SentenceEncoder.Architecture}, but is {config.UNet().FilmChannels}");
            if (config.ReadsSentences && config.Networks.ContainsKey("audio_encoder") && !config.Networks.ContainsKey(TextProjection))
                throw new JsonException($"networks must have {TextProjection} beside audio_encoder with {SentenceEncoder.Architecture}");
            return config;
        }
        catch (JsonException e)
        {
            throw InputFault.Invalid("config", $"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Whether text is read by the sentence encoder, which is not trained, instead of by a text encoder of the bundle's own.</summary>
    [JsonIgnore]
    public bool ReadsSentences => Networks.TryGetValue(TextEncoder, out var encoder) && encoder.Architecture == SentenceEncoder.Architecture;

    /// <summary>The denoiser's sizes, for stages that train its parts apart.</summary>
    public UNetConfiguration UNet() => Read<UNetConfiguration>("denoiser");

    /// <summary>Sizes of one network.</summary>
    public T Read<T>(string network) => Networks[network].Configuration.Deserialize<T>(Json) ?? throw InputFault.Invalid(network, "has no configuration");

    public NetworkDefinition Define(string network) => NetworkCatalog.Create(Networks[network].Architecture, Networks[network].Configuration);
}

/// <param name="Architecture">The definition in the network catalog.</param>
/// <param name="Configuration">Its sizes.</param>
public sealed record NetworkConfig(string Architecture, JsonElement Configuration);

/// <summary>How one stage is trained.</summary>
public sealed record StageConfig
{
    public required int Steps { get; init; }

    /// <summary>Clips (or crops) per step.</summary>
    public required int Batch { get; init; }

    /// <summary>Peak of the learning rate; it rises linearly over <see cref="WarmUpSteps"/> and falls to a twentieth as a cosine.</summary>
    public required double LearningRate { get; init; }

    public int WarmUpSteps { get; init; } = 100;

    public double WeightDecay { get; init; } = 0.01;

    /// <summary>adamW, or muon: <see cref="Trainer.Muon"/> for matrices and convolutions.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Gradients are scaled down to this norm.</summary>
    public double GradientNorm { get; init; } = 1;

    /// <summary>Decay of the exponential moving average of the weights, which is what the bundle gets.</summary>
    public double AverageDecay { get; init; } = 0.999;

    /// <summary>Held-out clips are measured, and samples written, every so many steps, and always at the end; 0: only then.</summary>
    public int EvaluateEvery { get; init; }

    /// <summary>Clips held ready; at each step <see cref="RenewedPerStep"/> of them are replaced by new ones.</summary>
    public int PoolClips { get; init; } = 256;

    public double RenewedPerStep { get; init; } = 1;

    /// <summary>Length of the random crop that a step sees, in mel frames (mel and vocoder stages).</summary>
    public int CropFrames { get; init; } = 512;

    /// <summary>The step from which discriminators take part (vocoder stage); never when not given.</summary>
    public int AdversarialFrom { get; init; } = int.MaxValue;

    /// <summary>Most deviation of the noise on a clip's latent, so that the decoder smooths what sampling leaves (decoder stage).</summary>
    public double LatentNoise { get; init; }

    /// <summary>Diffusion times are drawn as u to this power, u uniform in 0..1: below 1, noisier ones come more often, where the text decides most (diffusion and adapter stages).</summary>
    public double TimeExponent { get; init; } = 1;

    /// <summary>Probability that a clip's text is dropped (diffusion and adapter stages).</summary>
    public double TextDrop { get; init; }

    /// <summary>Probability that a clip's control is replaced by nothing, which guidance compares with (adapter stage).</summary>
    public double ControlDrop { get; init; }

    /// <summary>Whether the backbone learns with the adapter, from the backbone stage's weights or from nothing (adapter stage).</summary>
    public bool BackboneLearns { get; init; }

    /// <summary>Above 0, text stays near where an earlier text encoder put it, by so much (embedding stage with <c>--from</c>).</summary>
    public double AnchorWeight { get; init; }
}
