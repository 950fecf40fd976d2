using System.Text.Json;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Stages;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Training;

/// <summary>
/// The configuration decides a training. Run again, or interrupted and resumed, it gives the same weights to the last bit.
/// </summary>
public sealed class ResumeTests : IDisposable
{
    static readonly CaptionBook NoCaptions = new(new Dictionary<string, string[]>());

    const int Steps = 6, InterruptedAt = 3;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("mel")]
    [InlineData("video")]
    [InlineData("vocoder")]
    [InlineData("embedding")]
    [InlineData("embedding of sentences")]
    public void The_same_training_gives_the_same_weights_however_often_it_is_interrupted(string stage)
    {
        torch.set_num_threads(1);
        Train("once", stage, resume: false);
        Train("twice", stage, resume: false);
        using (var stop = new CancellationTokenSource())
            Train("parts", stage, resume: false, stop);
        Assert.Equal(
            InterruptedAt.ToString(System.Globalization.CultureInfo.InvariantCulture), File.ReadAllText(folder.File("parts/step.txt")));
        Train("parts", stage, resume: true);

        foreach (var file in Directory.GetFiles(folder.File("once"), "*.safetensors"))
        {
            var (name, bytes) = (Path.GetFileName(file), File.ReadAllBytes(file));
            Assert.Equal(bytes, File.ReadAllBytes(folder.File($"twice/{name}")));
            Assert.Equal(bytes, File.ReadAllBytes(folder.File($"parts/{name}")));
        }
    }

    [Fact]
    public void A_training_starts_from_the_weights_of_an_earlier_one()
    {
        Train("earlier/mel", "mel", resume: false);
        Train("later", "mel", resume: false, from: "earlier", steps: 1, rate: 1e-12);
        using var earlier = SafetensorsFile.Open(folder.File("earlier/mel/mel_encoder.safetensors"));
        using var later = SafetensorsFile.Open(folder.File("later/mel_encoder.safetensors"));
        foreach (var name in earlier.Tensors.Keys)
            Assert.All(earlier.ReadFloats(name).Zip(later.ReadFloats(name)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void A_run_takes_from_an_earlier_one_what_it_has_not_trained()
    {
        Directory.CreateDirectory(folder.File("earlier/mel"));
        Directory.CreateDirectory(folder.File("own/vocoder"));
        File.WriteAllText(folder.File("earlier/mel/evaluation.txt"), "latent_scale = 0.25\n");
        File.WriteAllText(folder.File("earlier/mel/mel_encoder.safetensors"), "");
        File.WriteAllText(folder.File("own/vocoder/vocoder.safetensors"), "");
        var config = Config();
        var data = new TrainingData(config, null, NoCaptions, NoCaptions);
        var run = new RunFolder(folder.File("own"), config, data, new EarlierWeights(folder.File("earlier")));
        Assert.Equal(0.25, run.LatentScale());
        Assert.True(run.Has("mel", "mel_encoder") && run.Has("vocoder", "vocoder"));
        Assert.False(run.Has("embedding", "text_encoder"));
        Assert.False(new RunFolder(folder.File("own"), config, data).Has("mel", "mel_encoder"));
    }

    void Train(
        string run,
        string name,
        bool resume,
        CancellationTokenSource? stop = null,
        string? from = null,
        int steps = Steps,
        double? rate = null)
    {
        var config = Config();
        if (name == "embedding of sentences")
            (config, name) = (OfSentences(config), "embedding");
        var data = new TrainingData(config, null, NoCaptions, NoCaptions);
        IStage stage = name switch
        {
            "mel" => new MelStage(config, config.Stages[name], data),
            "video" => new VideoStage(config, config.Stages[name], data),
            "vocoder" => new VocoderStage(config, config.Stages[name], data),
            _ => new EmbeddingStage(config, config.Stages[name], data, new RunFolder(folder.File("vocabulary"), config, data)),
        };
        var options = config.Stages[name] with { Steps = steps, LearningRate = rate ?? config.Stages[name].LearningRate };
        new TrainingLoop(
            folder.File(run),
            options,
            from is null ? null : network => new EarlierWeights(folder.File(from)).Read(name, network))
            .Run(new Interruptible(stage, stop), resume, TextWriter.Null, stop?.Token ?? CancellationToken.None);
    }

    /// <summary>The same, with words read by the sentence encoder and projected to the space of sounds.</summary>
    static TrainingConfig OfSentences(TrainingConfig config) => config with
    {
        Networks = config.Networks.Where(network => network.Key != "text_encoder")
            .Append(KeyValuePair.Create("text_encoder", Network("minilm", new { })))
            .Append(KeyValuePair.Create("text_projection", Network("text_projection", new { embeddingChannels = 8, dropout = 0 })))
                .ToDictionary(),
    };

    static TrainingConfig Config()
    {
        var stage = new StageConfig { Steps = Steps, Batch = 2, LearningRate = 1e-3, WarmUpSteps = 2, PoolClips = 3, CropFrames = 32 };
        var vae = new
        {
            patchSize = 4,
            baseChannels = 8,
            channelMultipliers = new[] { 1, 2 },
            residualBlocks = 1,
            latentChannels = 4,
            groups = 4,
        };
        return new()
        {
            Name = "tiny",
            Seed = 1,
            Kinds = ["ball", "rain"],
            Timing = new()
            {
                FrameSize = 32,
                ResizeShorterSide = 36,
                FirstFrame = 0,
                SegmentStride = 16,
                SegmentsPerWindow = 8,
                TokenLayout = TokenLayout.TrueTimes,
            },
            Sampler = new SamplerDefaults(4, 2, 0),
            VocabularyMerges = 10,
            Networks = new Dictionary<string, NetworkConfig>
            {
                ["video_encoder"] =
                    Network("motion_cnn", new { frameSize = 32, baseChannels = 16, channelMultipliers = new[] { 1, 2 }, channels = 16 }),
                ["energy_predictor"] = Network(
                    "phi",
                    new { channels = 16, depth = 1, heads = 2, headWidths = new[] { 8 }, attendAcrossTokens = true, positions = 64 }),
                ["onset_predictor"] = Network(
                    "phi",
                    new { channels = 16, depth = 1, heads = 2, headWidths = new[] { 8 }, attendAcrossTokens = true, positions = 64 }),
                ["texture_predictor"] = Network(
                    "phi",
                    new
                    {
                        channels = 16,
                        depth = 1,
                        heads = 2,
                        headWidths = new[] { 8 },
                        attendAcrossTokens = true,
                        positions = 64,
                        outputs = 5,
                    }),
                ["mel_encoder"] = Network("vae_encoder", vae),
                ["mel_decoder"] = Network("vae_decoder", vae),
                ["text_encoder"] = Network(
                    "clap_text",
                    new { vocabulary = 270, positions = 514, channels = 16, depth = 1, heads = 2, embeddingChannels = 8, dropout = 0 }),
                ["audio_encoder"] = Network(
                    "sound_encoder", new { baseChannels = 8, channelMultipliers = new[] { 1, 2 }, groups = 4, embeddingChannels = 8 }),
                ["vocoder"] = Network(
                    "hifigan",
                    new
                    {
                        upsampleRates = new[] { 16, 10 },
                        upsampleKernels = new[] { 32, 20 },
                        initialChannels = 8,
                        residualKernels = new[] { 3 },
                        residualDilations = new[] { new[] { 1, 3 } },
                        weightNorm = false,
                    }),
            },
            Stages = new Dictionary<string, StageConfig>
            {
                ["mel"] = stage,
                ["video"] = stage,
                ["embedding"] = stage,
                ["vocoder"] = stage with { AdversarialFrom = InterruptedAt + 1 },
            },
        };
    }

    static NetworkConfig Network<T>(string architecture, T configuration) =>
        new(architecture, JsonSerializer.SerializeToElement(configuration));

    /// <summary>Requests the end during one step. It measures nothing, because that takes long.</summary>
    sealed class Interruptible(IStage stage, CancellationTokenSource? stop) : IStage
    {
        public IReadOnlyDictionary<string, TorchWeights> Trained => stage.Trained;

        public torch.Tensor Loss(int step)
        {
            if (step + 1 == InterruptedAt)
                stop?.Cancel();
            return stage.Loss(step);
        }

        public IReadOnlyDictionary<string, double> Evaluate() => new Dictionary<string, double>();

        public void Finish() => stage.Finish();
    }
}
