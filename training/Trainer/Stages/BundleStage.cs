using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Text;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Writes the trained networks as a bundle: weights as f16 safetensors, the vocabulary of a trained text encoder, bundle.json, and the
/// credits of the recordings.
/// </summary>
static class BundleStage
{
    const string Scenes =
        "Procedural scenes (picture and sound of the same simulated events) rendered by this project";
    const string CreditsFile = "CREDITS.md";

    /// <summary>The stages whose weights go into each network of the bundle.</summary>
    static readonly (string Network, (string Stage, string File)[] Sources)[] Networks =
    [
        ("video_encoder", [("video", "video_encoder")]),
        ("energy_predictor", [("video", "energy_predictor")]),
        ("onset_predictor", [("video", "onset_predictor")]),
        ("texture_predictor", [("video", "texture_predictor")]),
        (TrainingConfig.TextEncoder, [("embedding", TrainingConfig.TextEncoder)]),
        (TrainingConfig.TextProjection, [("embedding", TrainingConfig.TextProjection)]),
        ("audio_encoder", [("embedding", "audio_encoder")]),
        ("sound_classifier", [("classifier", "sound_classifier")]),
        (GuardStage.Network, [(GuardStage.Stage, GuardStage.Network)]),
        ("denoiser", [("backbone", "denoiser"), ("adapter", "adapter")]),
        ("mel_encoder", [("mel", "mel_encoder")]),
        ("mel_decoder", [(DecoderStage.Stage, DecoderStage.Network)]),
        ("vocoder", [("vocoder", "vocoder")]),
    ];

    /// <summary>The network of a bundle that holds the weights of a stage; null if bundles have none.</summary>
    public static string? NetworkOf(string stage, string file) => Networks.FirstOrDefault(n => n.Sources.Contains((stage, file))).Network;

    /// <summary>Whether a weight of a bundle's network was trained by a stage. The denoiser's weights come from two stages.</summary>
    public static bool IsOf(string stage, string weight) => stage switch
    {
        "backbone" => !weight.StartsWith(AdapterStage.Adapter, StringComparison.Ordinal),
        "adapter" => weight.StartsWith(AdapterStage.Adapter, StringComparison.Ordinal),
        _ => true,
    };

    public static Bundle Write(TrainingConfig config, RunFolder run, TrainingData data, string output)
    {
        Directory.CreateDirectory(output);
        var trained = Networks.Where(n => n.Network != (config.ReadsSentences ? TrainingConfig.TextEncoder : TrainingConfig.TextProjection))
            .ToArray();
        foreach (var (network, sources) in trained)
        {
            var weights = sources.SelectMany(Read).Select(w => new WeightToStore(w.Key, w.Value.Shape, () => w.Value.Floats)).ToArray();
            SafetensorsWriter.Write(Path.Combine(output, network + ".safetensors"), weights, StoredType.Float16);
        }
        var networks = trained.ToDictionary(
            n => n.Network,
            n => new BundleNetwork(
                config.Networks[n.Network].Architecture, config.Networks[n.Network].Configuration, n.Network + ".safetensors"));
        if (config.ReadsSentences)
            networks[TrainingConfig.TextEncoder] = new(
                SentenceEncoder.Architecture, config.Networks[TrainingConfig.TextEncoder].Configuration);
        else
            run.CopyVocabulary(output);
        File.Delete(Path.Combine(output, CreditsFile));
        if (data.Recordings.Count > 0)
            File.WriteAllLines(Path.Combine(output, CreditsFile), Credits(data.Recordings));
        return BundleWriter.Write(output, new BundleManifest
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Name = config.Name,
            Control = "energy",
            Licence = "CC-BY-4.0",
            TrainedOn = data.Recordings.Count == 0
                ? $"{Scenes}; no recordings."
                : $"{Scenes}; sounds also on {data.Recordings.Count} recordings under CC0 and CC BY, credited in {CreditsFile}.",
            Timing = config.Timing,
            Sampler = config.Sampler,
            LatentScale = run.LatentScale(),
            Networks = networks,
            Files = new Dictionary<string, BundleFile>(),
            Metrics = run.Figures(),
        });

        // A backbone that continued to learn with the adapter is stored with the adapter.
        IReadOnlyDictionary<string, HostTensor> Read((string Stage, string File) source) =>
            run.Read(
                source.File == AdapterStage.BackboneNetwork && config.Stages["adapter"].BackboneLearns ? "adapter" : source.Stage,
                source.File);
    }

    static IEnumerable<string> Credits(IReadOnlyList<Recording> recordings)
    {
        yield return "# Recordings";
        yield return "";
        yield return "The sound networks of this bundle were trained on these recordings, beside procedural scenes. Thank you.";
        foreach (var licence in recordings.GroupBy(r => r.Licence).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            yield return "";
            yield return $"## {Plain(licence.Key)}";
            yield return "";
            foreach (var author in licence.GroupBy(r => r.Author).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                var takes = author.GroupBy(r => (r.Label, r.Url)).Select(take => $"[{Plain(take.Key.Label)}]({Address(take.Key.Url)})");
                yield return $"- {Plain(author.Key)}: {string.Join(", ", takes)}";
            }
        }
    }

    // The author of the index chose these names, so they must not become markup.
    static string Plain(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? " " : "\\`*_[]<>#|!".Contains(c) ? $"\\{c}" : $"{c}"));

    static string Address(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address.AbsoluteUri.Replace(")", "%29")
            : "";
}
