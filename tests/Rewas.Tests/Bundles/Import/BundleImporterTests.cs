using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Bundles.Import;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip.Faults;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Bundles.Import;

public sealed class BundleImporterTests : IDisposable
{
    /// <summary>All networks at their smallest sizes.</summary>
    static readonly IReadOnlyList<PublishedNetwork> Networks =
    [
        PublishedNetwork.Of(
            "video_encoder",
            "motionformer",
            new MotionformerConfiguration { FrameSize = 32, Channels = 16, Depth = 1, Heads = 2 },
            new Origin(PublishedSource.Synchformer)),
        PublishedNetwork.Of(
            "energy_predictor",
            "phi",
            new PhiConfiguration { Channels = 16, Depth = 1, Heads = 2, HeadWidths = [4] },
            new(PublishedSource.Phi),
            new(PublishedSource.Phi, "phi.")),
        PublishedNetwork.Of(
            "text_encoder",
            "clap_text",
            new ClapTextConfiguration { Vocabulary = 300, Positions = 40, Channels = 16, Depth = 1, Heads = 2, EmbeddingChannels = 16 },
            new(PublishedSource.Clap), new(PublishedSource.Rewas, "", "cond_stage_models.0.model.")),
        PublishedNetwork.Of("audio_encoder", "clap_audio",
            new ClapAudioConfiguration
            {
                MelFrames = 61,
                MelBins = 8,
                PictureSize = 24,
                PatchSize = 2,
                WindowSize = 6,
                Channels = 4,
                Depths = [1, 1],
                Heads = [2, 2],
                EmbeddingChannels = 16,
                FrameSamples = 16,
                Classes = 7,
            },
            new(PublishedSource.Clap), new(PublishedSource.Rewas, "", "cond_stage_models.0.model.")),
        PublishedNetwork.Of("denoiser", "controlled_unet",
            new UNetConfiguration
            {
                LatentFrames = 16,
                LatentBins = 8,
                ModelChannels = 16,
                ChannelMultipliers = [1, 2],
                ResidualBlocks = 1,
                AttentionFactors = [2],
                HeadChannels = 8,
                FilmChannels = 16,
                Groups = 4,
            },
            new Origin(PublishedSource.Rewas)),
        PublishedNetwork.Of("mel_encoder", "vae_encoder", Vae, VaeOrigins),
        PublishedNetwork.Of("mel_decoder", "vae_decoder", Vae, VaeOrigins),
        PublishedNetwork.Of("vocoder", "hifigan",
            new HifiGanConfiguration
            {
                UpsampleRates = [16, 10],
                UpsampleKernels = [32, 20],
                InitialChannels = 8,
                ResidualKernels = [3],
                ResidualDilations = [[1, 3]],
                WeightNorm = false,
            },
            new(PublishedSource.Vocoder), new(PublishedSource.Rewas, "", "first_stage_model.vocoder.")),
        PublishedNetwork.Of(
            "panns_cnn14",
            "panns_cnn14",
            new PannsCnn14Configuration { MelBins = 6, Channels = [3, 5], EmbeddingChannels = 7, Classes = 4, FrameSamples = 16 },
            new Origin(PublishedSource.Panns)) with { IsOptional = true },
        PublishedNetwork.Of(
            "melception",
            "melception",
            new MelceptionConfiguration { MelBins = 75, MelFrames = 79, Classes = 5, ChannelDivisor = 16 },
            new Origin(PublishedSource.Melception)) with { IsOptional = true },
    ];

    static readonly IReadOnlyList<PublishedNetwork> SoundMakers = [.. Networks.Where(n => !n.IsOptional)];

    readonly TemporaryFolder folder = new();

    static VaeConfiguration Vae => new() { BaseChannels = 8, ChannelMultipliers = [1, 2], ResidualBlocks = 1, Groups = 4 };

    static Origin[] VaeOrigins => [new(PublishedSource.Vae, "first_stage_model."), new(PublishedSource.Vae), new(PublishedSource.Rewas)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_weight_arrives_under_its_name()
    {
        var bundle = Import(Published());

        Assert.Equal(SoundMakers.Select(n => n.Name).Order(), bundle.Manifest.Networks.Keys.Order());
        foreach (var network in SoundMakers)
            AssertWeights(bundle, network, name => FixtureGenerator.Weight(name, network.Weights[name]));
        Assert.Equal(PublishedLayout.LatentScale, bundle.Manifest.LatentScale);
        Assert.Equal("CC-BY-NC-SA-4.0", bundle.Manifest.Licence);
        Assert.Equal(["rewas", "phi", "synchformer"], bundle.Manifest.Sources.Select(s => s.Name));
        Assert.All(bundle.Manifest.Sources, s => Assert.Matches("^[0-9a-f]{64}$", s.Sha256));
        Assert.Contains("NAVER", File.ReadAllText(bundle.Path("LICENCES.txt")), StringComparison.Ordinal);
        Bundle.Open(bundle.Directory).Weights("vocoder").Dispose();          // and every hash fits
        OnnxNetwork.Load(bundle, "denoiser", new OnnxOptions()).Dispose();
        Assert.False(Directory.Exists(folder.File("made.partial")));
    }

    [Fact]
    public void Averages_are_taken_when_they_are_there_unless_told_otherwise()
    {
        var files = Published(withAverages: true);
        var denoiser = Networks.Single(n => n.Name == "denoiser");
        float[] Of(string name, float sign) => [.. FixtureGenerator.Weight(name, denoiser.Weights[name]).Select(v => v * sign)];

        var averaged = Import(files);
        AssertWeights(averaged, denoiser, name => Of(name, name.StartsWith("model.", StringComparison.Ordinal) ? -1 : 1));
        Assert.True(averaged.Manifest.Sources[0].Averaged);

        var plain = Import(files, r => r with { UseAverages = false, Output = folder.File("plain") });
        AssertWeights(plain, denoiser, name => Of(name, 1));
        Assert.False(plain.Manifest.Sources[0].Averaged);
    }

    [Theory]
    [InlineData(".weight_g", ".weight_v")]
    [InlineData(".parametrizations.weight.original0", ".parametrizations.weight.original1")]
    public void A_vocoder_of_its_own_comes_first_and_its_weight_norm_is_folded(string length, string direction)
    {
        var files = Published();
        var vocoder = Networks.Single(n => n.Name == "vocoder");
        files["vocoder"] = folder.File("hifigan.ckpt");
        TorchZip.Write(files["vocoder"], [.. PublishedLayout.Of(Networks, "vocoder").SelectMany(t =>
            t.Name.EndsWith(".weight", StringComparison.Ordinal)
            ? [
                new(
                    "_orig_mod." + t.Name[..^".weight".Length] + length,
                    [t.Shape[0], 1, 1],
                    () => [.. Enumerable.Repeat(2f, (int)t.Shape[0])]),
                t with { Name = t.Name[..^".weight".Length] + direction },
            ]
            : new TorchZipTensor[] { t })], "generator");

        AssertWeights(Import(files), vocoder, name =>
        {
            var values = FixtureGenerator.Weight(name, vocoder.Weights[name]);
            if (!name.EndsWith(".weight", StringComparison.Ordinal))
                return values;
            var row = values.Length / (int)vocoder.Weights[name][0];
            return [.. values.Chunk(row).SelectMany(r => r.Select(v => (float)(2 * v / Math.Sqrt(r.Sum(x => (double)x * x)))))];
        }, tolerance: 1e-6);
    }

    [Fact]
    public void Names_without_a_prefix_are_found_too()
    {
        var files = Published();
        files["vae"] = folder.File("vae.ckpt");
        TorchZip.Write(files["vae"], [.. Networks.Where(n => n.Name is "mel_encoder" or "mel_decoder")
            .SelectMany(n => PublishedLayout.Of(Networks, n.Name))
            .Select(t => t with { Name = t.Name["first_stage_model.".Length..], Values = () => [.. t.Values().Select(v => v + 1)] }),
            new("loss.logvar", [], () => new float[1])], "state_dict");
        files["phi"] = folder.File("phi2.pt");
        TorchZip.Write(
            files["phi"], [.. PublishedLayout.Of(Networks, "energy_predictor").Select(t => t with { Name = t.Name["phi.".Length..] })]);

        var bundle = Import(files);
        foreach (var network in Networks.Where(n => n.Name is "mel_encoder" or "energy_predictor"))
            AssertWeights(
                bundle,
                network,
                name => [.. FixtureGenerator.Weight(name, network.Weights[name]).Select(v => network.Name == "mel_encoder" ? v + 1 : v)]);
    }

    [Fact]
    public void All_that_does_not_fit_is_named_at_once_and_nothing_is_written()
    {
        var files = Published();
        PublishedLayout.WriteRewas(files["rewas"] = folder.File("bad.ckpt"), Networks, change: t => t.Name switch
        {
            "model.diffusion_model.time_embed.0.bias" => null,
            "first_stage_model.quant_conv.bias" => t with { Shape = [t.Shape[0], 1] },
            "betas" => t with { Name = "control_model.extra" },
            _ => t,
        });
        files.Remove("phi");

        var fault = Assert.Throws<InputFault>(() => Import(files));

        Assert.Contains("denoiser: 1 missing: model.diffusion_model.time_embed.0.bias", fault.Message);
        Assert.Contains("mel_encoder: 1 misshapen: first_stage_model.quant_conv.bias is [16, 1] instead of [16]", fault.Message);
        Assert.Contains("bad.ckpt: 1 not known: control_model.extra", fault.Message);
        Assert.Contains("energy_predictor: its weights are in no given file; give --phi", fault.Message);
        Assert.Empty(Directory.GetDirectories(folder.Path, "made*"));
    }

    [Fact]
    public void A_file_of_another_kind_is_told_in_a_few_words()
    {
        var files = Published();
        files["phi"] = files["synchformer"];
        Assert.Contains("synchformer.pt: holds none of the", Assert.Throws<InputFault>(() => Import(files)).Message);
    }

    [Fact]
    public void An_interrupted_import_goes_on_where_it_stopped()
    {
        var files = Published();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Import(files, cancel: stop.Token, progress: p =>
        {
            if (p.Activity == "writing denoiser")
                stop.Cancel();
        }));
        Assert.False(Directory.Exists(folder.File("made")));
        var finished = folder.File("made.partial/text_encoder.safetensors");
        var time = File.GetLastWriteTimeUtc(finished);

        var seen = new HashSet<string>();
        var bundle = Import(files, progress: p => seen.Add(p.Activity));

        Assert.Equal(time, File.GetLastWriteTimeUtc(bundle.Path("text_encoder.safetensors")));
        Assert.DoesNotContain("writing text_encoder", seen);
        Assert.DoesNotContain(seen, activity => activity.StartsWith("hashing rewas", StringComparison.Ordinal));
        Assert.Contains("writing denoiser", seen);
        Bundle.Open(bundle.Directory);
    }

    [Fact]
    public void Half_precision_halves_the_files()
    {
        const float manySteps = 1e6f;                                        // more than a float16 can hold
        var files = Published();
        PublishedLayout.WriteRewas(files["rewas"] = folder.File("trained.ckpt"), Networks,
            change: t => t.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? t with { Values = () => [manySteps] } : t);

        var bundle = Import(files, r => r with { Precision = StoredType.Float16 });

        using var weights = bundle.Weights("denoiser");
        Assert.All(weights.Tensors.Values, t => Assert.Equal(StoredType.Float16, t.Type));
        using var audio = bundle.Weights("audio_encoder");
        Assert.Equal([manySteps], audio.ReadFloats("audio_branch.bn0.num_batches_tracked"));
    }

    [Fact]
    public void Networks_that_measure_sounds_come_along_or_alone()
    {
        var measuring = Measuring();
        string[] all = [.. Networks.Select(n => n.Name).Order()];
        Assert.Equal(
            all,
            Import(
                new(Published().Concat(measuring)),
                r => r with { MelceptionStatistics = folder.File("statistics.txt") }).Manifest.Networks.Keys.Order());

        var alone = Import(
            measuring,
            r =>
                r with
                {
                    Tokenizer = null,
                    MelceptionStatistics = folder.File("statistics.txt"),
                    Output = folder.File("alone"),
                    Name = "alone",
                });
        Assert.Equal(["melception", "panns_cnn14"], alone.Manifest.Networks.Keys.Order());
        Assert.Equal("CC-BY-4.0 AND MIT", alone.Manifest.Licence);
        foreach (var network in Networks.Where(n => n.IsOptional))
            AssertWeights(alone, network, name => FixtureGenerator.Weight(name, network.Weights[name]));
        var melception = NetworkCatalog.Read<MelceptionConfiguration>(alone.Network("melception").Configuration);
        Assert.Equal((75, 0.5f, 1.25f), (melception.MelMeans.Length, melception.MelMeans[1], melception.MelDeviations[1]));
        OnnxNetwork.Load(Bundle.Open(alone.Directory), "melception", new OnnxOptions()).Dispose();
    }

    [Fact]
    public void The_whole_of_Synchformer_becomes_two_networks_that_use_every_weight_of_its_file()
    {
        PublishedNetwork[] networks =
        [
            PublishedNetwork.Of(
                "sync_video", "motionformer", new MotionformerConfiguration { FrameSize = 32, Channels = 24, Depth = 1, Heads = 2 },
                new Origin(PublishedSource.Sync)) with { IsOptional = true },
            PublishedNetwork.Of(
                "synchformer", "synchformer",
                new SynchformerConfiguration { Segments = 3, Channels = 24, SoundDepth = 1, SoundHeads = 2, Depth = 1, Heads = 2 },
                new Origin(PublishedSource.Sync)) with { IsOptional = true },
        ];
        TorchZipTensor[] tensors = [.. networks.SelectMany(network => PublishedLayout.Of(networks, network.Name))];
        var files = new Dictionary<string, string> { ["sync"] = folder.File("sync.pt") };
        TorchZip.Write(files["sync"], tensors, "model");
        var request = new ImportRequest { Files = files, Output = folder.File("sync"), Name = "sync" };
        var bundle = new BundleImporter(request, new Heard(null), networks).Run(TestContext.Current.CancellationToken);
        Assert.Equal(["sync_video", "synchformer"], bundle.Manifest.Networks.Keys.Order());
        Assert.Equal("MIT", bundle.Manifest.Licence);
        foreach (var network in networks)
            AssertWeights(bundle, network, name => FixtureGenerator.Weight(name, network.Weights[name]));

        files["sync"] = folder.File("more.pt");
        TorchZip.Write(files["sync"], [.. tensors, new("transformer.unknown", [2], () => new float[2])], "model");
        var fault = Assert.Throws<InputFault>(() => new BundleImporter(
            request with { Output = folder.File("other") }, new Heard(null), networks).Run(TestContext.Current.CancellationToken));
        Assert.Contains("1 not known: transformer.unknown", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Melception_is_of_no_use_without_its_statistics()
    {
        var measuring = Measuring();
        Assert.Contains("must be given with melception", Assert.Throws<InputFault>(() => Import(measuring)).Message);
        File.WriteAllText(folder.File("few.txt"), "1 2\n3 4\n");
        Assert.Contains(
            "has 2 lines",
            Assert.Throws<InputFault>(() => Import(measuring, r => r with { MelceptionStatistics = folder.File("few.txt") })).Message);
        File.WriteAllText(folder.File("bad.txt"), "1 2\n3 -4\n");
        Assert.Contains(
            "line 2",
            Assert.Throws<InputFault>(() => Import(measuring, r => r with { MelceptionStatistics = folder.File("bad.txt") })).Message);
    }

    [Fact]
    public void CLIP_comes_with_its_own_vocabulary_along_or_alone()
    {
        IReadOnlyList<PublishedNetwork> clip =
        [
            PublishedNetwork.Of(
                "clip_image",
                "clip_image",
                new ClipImageConfiguration { Channels = 16, Depth = 1, Heads = 2, EmbeddingChannels = 16 },
                new Origin(PublishedSource.Clip)) with { IsOptional = true },
            PublishedNetwork.Of(
                "clip_text",
                "clip_text",
                new ClipTextConfiguration { Vocabulary = 4, Channels = 16, Depth = 1, Heads = 2, EmbeddingChannels = 16 },
                new Origin(PublishedSource.Clip)) with { IsOptional = true },
        ];
        var files = new Dictionary<string, string> { ["clip"] = folder.File("clip.pt") };
        TorchZip.Write(
            files["clip"],
            [.. PublishedLayout.Of(clip, "clip_image"), .. PublishedLayout.Of(clip, "clip_text"), new("context_length", [], () => [77])],
            "state_dict");
        var words = Directory.CreateDirectory(folder.File("clip-words")).FullName;
        File.WriteAllText(
            Path.Combine(words, "vocab.json"),
            $$"""{"a": 0, "a</w>": 1, "{{ClipTokenizer.BeginToken}}": 2, "{{ClipTokenizer.EndToken}}": 3}""");
        File.WriteAllText(Path.Combine(words, "merges.txt"), "#version: 0.2\n");
        Bundle Made(Dictionary<string, string> sources, string name, string? tokenizer) => new BundleImporter(
            new ImportRequest
            {
                Files = sources,
                Tokenizer = folder.Path,
                ClipTokenizer = tokenizer,
                Output = folder.File(name),
                Name = name,
            },
            new Heard(null),
            [.. Networks, .. clip]).Run(default);

        Assert.Contains(
            "--clip-tokenizer DIR", Assert.Throws<InputFault>(() => Made(files, "without", null)).Message, StringComparison.Ordinal);
        var alone = Made(files, "alone", words);
        Assert.Equal(["clip_image", "clip_text"], alone.Manifest.Networks.Keys.Order());
        Assert.Equal("MIT", alone.Manifest.Licence);
        foreach (var network in clip)
            AssertWeights(alone, network, name => FixtureGenerator.Weight(name, network.Weights[name]));
        Assert.Equal([2, 1, 3, 0], ClipTokenizer.Load(alone).Encode("A", 4));
        OnnxNetwork.Load(Bundle.Open(alone.Directory), "clip_text", new OnnxOptions()).Dispose();

        var along = Made(new(Published().Concat(files)), "along", words);
        Assert.Equal(SoundMakers.Concat(clip).Select(n => n.Name).Order(), along.Manifest.Networks.Keys.Order());
        Assert.Equal(
            4,
            along.Manifest.Files.Keys.Count(
                file => file.EndsWith("vocab.json", StringComparison.Ordinal) || file.EndsWith("merges.txt", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_existing_output_and_an_impossible_name_are_refused()
    {
        var files = Published();
        Directory.CreateDirectory(folder.File("there"));
        Assert.Equal("output", Assert.Throws<InputFault>(() => Import(files, r => r with { Output = folder.File("there") })).Field);
        Assert.Equal("output", Assert.Throws<InputFault>(() => Import(files, r => r with { Name = "Not A Name" })).Field);
    }

    Dictionary<string, string> Published(bool withAverages = false)
    {
        var files = new Dictionary<string, string>
        {
            ["rewas"] = folder.File("rewas.ckpt"),
            ["phi"] = folder.File("phi.ckpt"),
            ["synchformer"] = folder.File("synchformer.pt"),
        };
        PublishedLayout.WriteRewas(files["rewas"], Networks, withAverages);
        PublishedLayout.WritePhi(files["phi"], Networks);
        PublishedLayout.WriteSynchformer(files["synchformer"], Networks);
        File.WriteAllText(folder.File("vocab.json"), """{"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4}""");
        File.WriteAllText(folder.File("merges.txt"), "#version: 0.2\n");
        return files;
    }

    Dictionary<string, string> Measuring()
    {
        var files = new Dictionary<string, string>
        {
            ["panns"] = folder.File("Cnn14_16k.pth"),
            ["melception"] = folder.File("melception.pt"),
        };
        foreach (var network in Networks.Where(n => n.IsOptional))
            TorchZip.Write(files[network.Origins[0].Source.Name], [.. PublishedLayout.Of(Networks, network.Name)], "model");
        File.WriteAllLines(
            folder.File("statistics.txt"),
            Enumerable.Range(0, 75).Select(i => FormattableString.Invariant($"{i * 0.5:e18} {1 + i * 0.25:e18}")));
        return files;
    }

    Bundle Import(
        Dictionary<string, string> files,
        Func<ImportRequest, ImportRequest>? change = null,
        Action<ImportProgress>? progress = null,
        CancellationToken cancel = default)
    {
        var request = new ImportRequest { Files = files, Tokenizer = folder.Path, Output = folder.File("made"), Name = "made" };
        return new BundleImporter(change?.Invoke(request) ?? request, new Heard(progress), Networks).Run(cancel);
    }

    static void AssertWeights(Bundle bundle, PublishedNetwork network, Func<string, float[]> expected, double tolerance = 0)
    {
        using var weights = bundle.Weights(network.Name);
        Assert.Equal(network.Weights.Keys.Order(), weights.Tensors.Keys.Order());
        foreach (var (name, shape) in network.Weights)
        {
            Assert.Equal(shape, weights.Tensors[name].Shape);
            foreach (var (e, a) in expected(name).Zip(weights.ReadFloats(name)))
                Assert.Equal(e, a, tolerance);
        }
    }

    sealed class Heard(Action<ImportProgress>? tell) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => tell?.Invoke(value);
    }
}
