using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Text;

namespace Rewas.TestKit;

/// <summary>
/// A bundle of all seven networks in their real architectures, with the pseudo-random weights of the fixtures' generator. It is so small
/// that a request takes milliseconds. It has learnt nothing, but everything in it works.
/// </summary>
public sealed class TinyBundle : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-tiny-");

    public TinyBundle(
        TokenLayout layout = TokenLayout.TrueTimes, bool descriptors = false, string? soundEncoder = null, bool sentences = false,
        float? speechScore = null)
    {
        if (sentences)
            networks["text_encoder"] = new BundleNetwork(SentenceEncoder.Architecture, NetworkCatalog.Write(new object()));
        else
            AddTextEncoder();
        var vae = new VaeConfiguration
        {
            PatchSize = 4,
            BaseChannels = 8,
            ChannelMultipliers = [1, 2],
            ResidualBlocks = 1,
            LatentChannels = 4,
            Groups = 4,
        };

        Add("mel_encoder", "vae_encoder", vae);
        Add("mel_decoder", "vae_decoder", vae with { Grain = true });
        Add("denoiser", "controlled_unet", new UNetConfiguration
        {
            LatentChannels = vae.LatentChannels,
            LatentFrames = ClipTiming.MelFramesPerWindow / vae.Reduction(),
            LatentBins = ClipTiming.MelBins / vae.Reduction(),
            ModelChannels = 16,
            ChannelMultipliers = [1, 2],
            ResidualBlocks = 1,
            AttentionFactors = [2],
            HeadChannels = 8,
            FilmChannels = sentences ? SentenceEncoder.Channels : 16,
            Groups = 4,
            Descriptors = descriptors,
        });
        Add(
            "vocoder",
            "hifigan",
            new HifiGanConfiguration { InitialChannels = 32, ResidualKernels = [3, 5], ResidualDilations = [[1, 3], [1, 3]] });
        Add("video_encoder", "motionformer", new MotionformerConfiguration { FrameSize = 32, Channels = 16, Depth = 1, Heads = 2 });
        Add("energy_predictor", "phi", new PhiConfiguration { Channels = 16, Depth = 1, Heads = 2, HeadWidths = [8] });
        if (descriptors)
        {
            Add("onset_predictor", "phi", new PhiConfiguration { Channels = 16, Depth = 1, Heads = 2, HeadWidths = [8] });
            Add(
                "texture_predictor",
                "phi",
                new PhiConfiguration
                {
                    Channels = 16,
                    Depth = 1,
                    Heads = 2,
                    HeadWidths = [8],
                    Outputs = ControlDescriptors.TextureNumbers,
                });
        }

        if (soundEncoder == "clap_audio")
            Add(
                "audio_encoder",
                soundEncoder,
                new ClapAudioConfiguration
                {
                    Channels = 8,
                    Depths = [1, 1, 1, 1],
                    Heads = [1, 1, 2, 2],
                    EmbeddingChannels = 16,
                    Classes = 2,
                });
        else if (soundEncoder is not null)
            Add(
                "audio_encoder",
                soundEncoder,
                new SoundEncoderConfiguration { BaseChannels = 16, ChannelMultipliers = [1, 2], EmbeddingChannels = 16 });

        if (sentences && soundEncoder is not null)
            Add("text_projection", "text_projection", new TextProjectionConfiguration { EmbeddingChannels = 16 });

        if (speechScore is { } score)
            AddGuard(score);

        Bundle = BundleWriter.Write(folder.FullName, new BundleManifest
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Name = "tiny",
            Control = "energy",
            Licence = "Apache-2.0",
            TrainedOn = "Nothing: the weights are pseudo-random.",
            Timing = layout == TokenLayout.TrueTimes
                ? new ClipTiming { FrameSize = 32, ResizeShorterSide = 32, FirstFrame = 0, SegmentsPerWindow = 15, TokenLayout = layout }
                : new ClipTiming { FrameSize = 32, ResizeShorterSide = 36 },
            Sampler = new SamplerDefaults(Steps: 4, GuidanceScale: 3, Eta: 1),
            LatentScale = 0.5,
            Networks = networks,
            Files = new Dictionary<string, BundleFile>(),
        });
    }

    readonly Dictionary<string, BundleNetwork> networks = [];

    public Bundle Bundle { get; }

    public void Dispose() => folder.Delete(recursive: true);

    void AddTextEncoder()
    {
        VocabularyTrainer.Train(["a dog barks", "rain on a roof", "footsteps on a wooden floor"], merges: 20, folder.FullName);
        var vocabulary = System.Text.Json.JsonDocument.Parse(
            File.ReadAllText(Path.Combine(folder.FullName, PromptTokenizer.VocabularyFile))).RootElement.EnumerateObject().Count();
        Add(
            "text_encoder",
            "clap_text",
            new ClapTextConfiguration { Vocabulary = vocabulary, Channels = 16, Depth = 1, Heads = 2, EmbeddingChannels = 16 });
    }

    /// <summary>A guard that hears speech in everything (a score above 0) or in nothing, and never singing or music.</summary>
    void AddGuard(float speechScore)
    {
        var sizes = new SoundEncoderConfiguration
        {
            BaseChannels = 16,
            ChannelMultipliers = [1],
            Labels = ["speech", "singing", "music"],
        };
        Add("sound_guard", "sound_encoder", sizes, (name, shape) => name switch
        {
            "head.weight" => new float[shape[0] * shape[1]],
            "head.bias" => [speechScore, -5, -5],
            _ => FixtureGenerator.Weight(name, shape),
        });
    }

    void Add<T>(string name, string architecture, T sizes) =>
        Add(name, architecture, sizes, (weight, shape) => FixtureGenerator.Weight(weight, shape));

    void Add<T>(string name, string architecture, T sizes, Func<string, long[], float[]> weight)
    {
        var configuration = NetworkCatalog.Write(sizes);
        var weights = WeightNames.Of(NetworkCatalog.Create(architecture, configuration));
        var file = $"{name}.safetensors";
        SafetensorsWriter.Write(
            Path.Combine(folder.FullName, file),
            [.. weights.Select(w => new WeightToStore(w.Key, w.Value, () => weight(w.Key, w.Value)))]);
        networks[name] = new BundleNetwork(architecture, configuration, file);
    }
}
