using Rewas.Checkpoints;

namespace Rewas.Trainer.Stages;

/// <summary>Puts what the stages trained together as a bundle: weights as f16 safetensors, the vocabulary, and bundle.json.</summary>
static class BundleStage
{
    const string TrainedOn = "Procedural scenes (picture and sound of the same simulated events) rendered by this project's own training/Scenes; no recordings.";

    /// <summary>Which stages' weights go into each network of the bundle.</summary>
    static readonly (string Network, (string Stage, string File)[] Sources)[] Networks =
    [
        ("video_encoder", [("video", "video_encoder")]),
        ("energy_predictor", [("video", "energy_predictor")]),
        ("text_encoder", [("backbone", "text_encoder")]),
        ("denoiser", [("backbone", "denoiser"), ("adapter", "adapter")]),
        ("mel_encoder", [("mel", "mel_encoder")]),
        ("mel_decoder", [("mel", "mel_decoder")]),
        ("vocoder", [("vocoder", "vocoder")]),
    ];

    public static Bundle Write(TrainingConfig config, RunFolder run, string output)
    {
        Directory.CreateDirectory(output);
        foreach (var (network, sources) in Networks)
        {
            var weights = sources.SelectMany(s => run.Read(s.Stage, s.File)).Select(w => new WeightToStore(w.Key, w.Value.Shape, () => w.Value.Floats)).ToArray();
            SafetensorsWriter.Write(Path.Combine(output, network + ".safetensors"), weights, StoredType.Float16);
        }
        run.CopyVocabulary(output);
        return BundleWriter.Write(output, new BundleManifest
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Name = config.Name,
            Control = "energy",
            Licence = "CC-BY-4.0",
            TrainedOn = TrainedOn,
            Timing = config.Timing,
            Sampler = config.Sampler,
            LatentScale = run.LatentScale(),
            Networks = Networks.ToDictionary(n => n.Network, n => new BundleNetwork(config.Networks[n.Network].Architecture, config.Networks[n.Network].Configuration, n.Network + ".safetensors")),
            Files = new Dictionary<string, BundleFile>(),
            Metrics = run.Figures(),
        });
    }
}
