using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.PromptCheck;
using Rewas.Tests.Agent;
using Rewas.Video;

namespace Rewas.Tests.PromptCheck;

public sealed class ClipTests(ITestOutputHelper output)
{
    static readonly ClipThresholds Usual = new();

    [Fact]
    public void Tokens_are_those_of_the_published_algorithm()
    {
        using var folder = new TemporaryFolder();
        var vocabulary = new ClipVocabulary(120, [.. ClipLabels.All.Select(label => $"a photo of {label.Text}.")]);
        vocabulary.Write(folder.File("vocab.json"), folder.File("merges.txt"));
        var tokenizer = ClipTokenizer.Load(folder.File("vocab.json"), folder.File("merges.txt"));
        string[] texts =
        [
            .. ClipLabels.All.Select(label => label.Text),
            "",
            " ",
            "A Photo  of\tRAIN.",
            "it's the dog's, they've said; we'll see",
            "1234 drums at 3.5 m",
            "Straße, 雨, ñandú and Ωmega",
            "🐕 barks!!! (loudly)", "x</w> <w/> ---", "under_score", new string('a', 40),
        ];
        foreach (var text in texts)
        {
            var (expected, ids) = (vocabulary.Encode(text), tokenizer.Encode(text, 77));
            Assert.Equal([.. expected, .. new long[77 - expected.Length]], ids);
        }
    }

    [Fact]
    public void A_text_that_is_too_long_is_cut_before_its_end()
    {
        using var folder = new TemporaryFolder();
        var vocabulary = new ClipVocabulary(10, "a dog");
        vocabulary.Write(folder.File("vocab.json"), folder.File("merges.txt"));
        var ids = ClipTokenizer.Load(folder.File("vocab.json"), folder.File("merges.txt"))
            .Encode(string.Concat(Enumerable.Repeat("dog! ", 100)), 77);
        Assert.Equal((77, vocabulary.Count - 2, vocabulary.Count - 1), (ids.Length, ids[0], ids[^1]));
    }

    [Fact]
    public void Every_source_of_the_taxonomy_that_can_be_seen_has_a_label()
    {
        Assert.InRange(ClipLabels.All.Count, 200, 300);
        Assert.Equal(["effect"], Concepts.All.Where(concept => !ClipLabels.Know(concept)).Select(concept => concept.Name));
        Assert.Equal(ClipLabels.All.Count, ClipLabels.All.Select(label => label.Text).Distinct().Count());
    }

    [Fact]
    public void It_abstains_where_no_label_stands_out_and_on_what_is_like_none()
    {
        Assert.Equal(("", "a dog barking"), Told(View(("a dog barking", 0.3f))));
        Assert.Contains("apart", View(("a dog barking", 0.3f), ("a growling dog", 0.2995f)).Why, StringComparison.Ordinal);
        Assert.Contains("probability", View().Why, StringComparison.Ordinal);
        Assert.Contains("do not fit the picture", View(("a dog barking", 0.15f)).Why, StringComparison.Ordinal);
        Assert.Equal(
            ("", "a dog barking"), Told(View(new ClipThresholds(0.3, 0, 0), ("a dog barking", 0.3f), ("a growling dog", 0.2995f))));
        Assert.Equal(
            ["LeastProbability", "LeastMargin", "LeastSimilarity"],
            new ClipThresholds(-1, 2, double.NaN).Faults().Select(fault => fault.Field));

        static (string, string) Told(ClipView view) => (view.Why, view.Label.Text);
    }

    [Fact]
    public void Pictures_are_made_as_the_published_network_takes_them()
    {
        var rgb = new byte[3 * KeyFrames.Side * KeyFrames.Side];
        (rgb[0], rgb[1], rgb[2], rgb[3]) = (255, 51, 0, 102);
        var values = ClipCaptioner.Normalised(new(0, rgb)).Floats.Span;
        const int Plane = KeyFrames.Side * KeyFrames.Side;
        Assert.Equal((1 - 0.48145466) / 0.26862954, values[0], 1e-5);
        Assert.Equal((0.4 - 0.48145466) / 0.26862954, values[1], 1e-5);
        Assert.Equal((0.2 - 0.4578275) / 0.26130258, values[Plane], 1e-5);
        Assert.Equal(-0.40821073 / 0.27577711, values[2 * Plane], 1e-5);
    }

    [Fact]
    public async Task Untrained_weights_name_nothing()
    {
        using var folder = new TemporaryFolder();
        var bundle = Bundle(folder);
        using var clip = new ClipCaptioner(bundle, new OnnxOptions { Threads = 1 }, Usual);
        var path = await AgentHost.HammerAsync(folder);
        var facts = await VideoProbe.ReadAsync(path, new VideoLimits());
        var seen = ConflictCheckTests.Typical("hammer", ConflictCheckTests.Energy(0.5, 1.5, 2.4, 3.4, 4.3));
        var frames = await KeyFrames.ReadAsync(path, facts, seen, CancellationToken.None);
        Assert.InRange(frames.Count, 2, 4);

        var view = clip.Look(frames);

        Assert.Equal(ClipLabels.All.Count, view.Labels.Count);
        Assert.Equal(1, view.Labels.Sum(label => label.Probability), 1e-9);
        Assert.True(view.Abstained);
        var again = clip.Look(frames);
        Assert.Equal(view.Labels, again.Labels);
        Assert.Contains("made-clip", view.By, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "FullSize")]
    public async Task Looks_at_frames_at_its_published_size()
    {
        using var folder = new TemporaryFolder();
        var bundle = Bundle(folder, new ClipImageConfiguration(), vocabulary => new ClipTextConfiguration());
        var path = await AgentHost.HammerAsync(folder);
        var frames = await KeyFrames.ReadAsync(
            path,
            await VideoProbe.ReadAsync(path, new VideoLimits()),
            ConflictCheckTests.Typical("hammer", ConflictCheckTests.Energy(0.5, 1.5, 2.4)),
            CancellationToken.None);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var clip = new ClipCaptioner(bundle, new OnnxOptions(), Usual);
        var view = clip.Look(frames);
        output.WriteLine($"first look, labels and all: {clock.Elapsed.TotalSeconds:0.0} s");
        clock.Restart();
        Assert.Equal(view.Labels, clip.Look(frames).Labels);
        output.WriteLine(
            $"another look at {frames.Count} frames: {clock.Elapsed.TotalSeconds:0.00} s; likeliest {view.Probability:0.000}, cosine "
            + $"{view.Similarity:0.000}: {view.Why}");
        Assert.True(view.Abstained);
    }

    [Fact]
    public async Task The_agent_takes_the_CLIP_of_a_bundle_that_is_named_and_refuses_one_without()
    {
        using var folder = new TemporaryFolder();
        Bundle(folder);
        await using (var host = await AgentHost.StartAsync(
            $"--SoundAgent:ClipBundle={folder.Path}",
            "--SoundAgent:ClipLeastProbability=0",
            "--SoundAgent:ClipLeastMargin=0",
            "--SoundAgent:ClipLeastSimilarity=-1"))
        {
            // With thresholds that let everything pass, even generated weights name something. CLIP is not asked about a picture that the
            // concept head knows.
            using var talk = await host.TalkAsync(await AgentHost.HammerAsync(folder));
            var answer = await talk.SayAsync("what do you see?");
            Assert.Contains("hammer", answer.Text(), StringComparison.OrdinalIgnoreCase);
        }
        var fault = await Assert.ThrowsAsync<InputFault>(() => AgentHost.StartAsync("--SoundAgent:ClipBundle=rewas-mini"));
        Assert.Contains("has no clip_image and clip_text", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_concept_head_abstains_it_names_the_picture_and_prompts_are_compared_with_that()
    {
        var dog = Strange(View(("a dog barking", 0.3f)));
        var caption = new Captioner(ConflictStatistics.Embedded).Describe(dog);
        Assert.Equal(("clip of test", "a dog barking", "dog", false), (caption.By, caption.Label, caption.Concept, caption.Abstained));
        Assert.StartsWith("It looks like a dog barking, says clip of test (100", caption.Text, StringComparison.Ordinal);

        var wrong = Check(dog, "heavy rain on a roof");
        Assert.Equal((Verdict.Conflict, false), (wrong.Verdict, wrong.Abstained));
        Assert.Contains(
            "takes the picture for a dog barking", wrong.Findings.Single(f => f.Detector == "semantic").Evidence, StringComparison.Ordinal);
        Assert.Contains("a dog barking", wrong.Suggestions[0], StringComparison.Ordinal);
        Assert.NotEqual(Verdict.Conflict, Check(dog, "a dog barking").Verdict);
        Assert.NotEqual(Verdict.Conflict, Check(dog, "a dog barking, with heavy rain off-screen").Verdict);
        // The energy of such a picture is a guess.
        Assert.NotEqual(Verdict.Conflict, Check(dog, "a dog barking, in complete silence").Verdict);
    }

    [Fact]
    public void A_place_that_many_sounds_go_with_is_a_caption_and_no_evidence()
    {
        var office = Strange(View(("an office", 0.3f)));
        Assert.False(new Captioner(ConflictStatistics.Embedded).Describe(office).Abstained);
        var report = Check(office, "typing on a keyboard");
        Assert.True(report.Abstained);
        Assert.NotEqual(Verdict.Conflict, report.Verdict);
    }

    [Fact]
    public void Where_it_abstains_nothing_is_named()
    {
        var caption = new Captioner(ConflictStatistics.Embedded).Describe(Strange(View()));
        Assert.Equal(("embedded", true, null), (caption.By, caption.Abstained, caption.Label));
        Assert.Contains("do not know what it is", caption.Text, StringComparison.Ordinal);
    }

    static ConflictReport Check(SeenVideo video, string prompt) => new ConflictCheck(ConflictStatistics.Embedded).Check(video, prompt);

    /// <summary>A picture unlike anything in training, as CLIP sees it.</summary>
    static SeenVideo Strange(ClipView view)
    {
        var hammer = ConflictCheckTests.Typical("hammer", ConflictCheckTests.Energy(0.5, 1.5, 2.4, 3.4, 4.3));
        return hammer with
        {
            Features = [.. hammer.Features.Select((f, i) => f + 40 * ConflictStatistics.Embedded.Head.Scale[i])],
            Clip = view,
        };
    }

    static ClipView View(params (string Label, float Cosine)[] high) => View(Usual, high);

    /// <summary>Two frames that these labels fit this well, and all other labels badly.</summary>
    static ClipView View(ClipThresholds thresholds, params (string Label, float Cosine)[] high)
    {
        float[] cosines =
        [
            .. ClipLabels.All.Select(label => high.Where(h => h.Label == label.Text).Select(h => h.Cosine).DefaultIfEmpty(0.05f).First()),
        ];
        Assert.Equal(high.Length, cosines.Count(cosine => cosine != 0.05f));
        return ClipView.Of("clip of test", [cosines, cosines], thresholds);
    }

    /// <summary>CLIP in its real architecture at a small width, with the pseudo-random weights of the fixtures' generator.</summary>
    static Bundle Bundle(TemporaryFolder folder) =>
        Bundle(
            folder,
            new() { Channels = 16, Depth = 1, Heads = 2 },
            vocabulary => new() { Vocabulary = vocabulary, Channels = 16, Depth = 1, Heads = 2 });

    static Bundle Bundle(TemporaryFolder folder, ClipImageConfiguration image, Func<int, ClipTextConfiguration> text)
    {
        var vocabulary = new ClipVocabulary(50, [.. ClipLabels.All.Select(label => label.Text)]);
        vocabulary.Write(folder.File(ClipTokenizer.VocabularyFile), folder.File(ClipTokenizer.MergesFile));
        var networks = new Dictionary<string, BundleNetwork>();
        Add("clip_image", image);
        Add("clip_text", text(vocabulary.Count));
        return BundleWriter.Write(folder.Path, new BundleManifest
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Name = "made-clip",
            Control = "energy",
            Licence = "Apache-2.0",
            TrainedOn = "Nothing: the weights are pseudo-random.",
            Timing = new ClipTiming(),
            Sampler = new SamplerDefaults(Steps: 4, GuidanceScale: 3, Eta: 1),
            LatentScale = 1,
            Networks = networks,
            Files = new Dictionary<string, BundleFile>(),
        });

        void Add<T>(string name, T sizes)
        {
            var configuration = NetworkCatalog.Write(sizes);
            SafetensorsWriter.Write(folder.File($"{name}.safetensors"), [.. WeightNames.Of(NetworkCatalog.Create(name, configuration))
                .Select(w => new WeightToStore(w.Key, w.Value, () => FixtureGenerator.Weight("clip." + w.Key, w.Value)))]);
            networks[name] = new(name, configuration, $"{name}.safetensors");
        }
    }
}
